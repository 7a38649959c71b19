// Two processes of the helpdesk share one storage. Visitors cannot tell that there are two.
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { submitStep } from "../../kit/helpdesk/submit-step.ts";
import {
	comeBack,
	handleOf,
	openCallback,
	openCluster,
	people,
	pressButton,
	switchBrand,
} from "../../kit/nodes/cluster.ts";
import { ENGINES, openStorage } from "../../kit/nodes/engines.ts";
import { storedPeople, usersOfSessions } from "../../kit/nodes/invariants.ts";
import { apart, describeOn } from "../../kit/storage/test-servers.ts";

describe.each(ENGINES)("nodes", (engine) => {
	describeOn(engine, `on one ${engine}`, (url) => {
		test("a log-in starts on one and comes back to the other, a setting applies to both at once, and one of 100 copies of a callback counts", async () => {
			const storageUrl = apart(url);
			const [ada, bob] = people(2);
			const { nodes, fakeX, operator } = await openCluster(storageUrl, people(2));
			const [one, two] = nodes;

			const visitor = new HttpVisitor();
			const { url: toX } = await pressButton(visitor, one);
			await comeBack(visitor, toX, ada?.id ?? "", two);
			expect(await handleOf(visitor, one)).toBe(ada?.screenName);
			expect(await handleOf(visitor, two)).toBe(ada?.screenName);

			await switchBrand(operator, one.url, false);
			// A user is linked, so the page asks first.
			await operator.submit(
				new URL(operator.seen.url).pathname + new URL(operator.seen.url).search,
			);
			expect((await new HttpVisitor().open(`${two.url}/login`)).html).not.toContain(
				"Log in with X",
			);
			await switchBrand(operator, two.url, true);
			expect((await new HttpVisitor().open(`${one.url}/login`)).html).toContain("Log in with X");

			const clicker = new HttpVisitor();
			const { url: bobToX } = await pressButton(clicker, one);
			const callback = await approveAtX(bobToX, { accountId: bob?.id ?? "" });
			fakeX.resetStats();
			const copies = Array.from({ length: 100 }, async (_, index) => {
				const copy = new HttpVisitor();
				for (const [name, value] of clicker.cookies) {
					copy.cookies.set(name, value);
				}
				const { status } = await openCallback(copy, callback, index % 2 === 0 ? one : two);
				return { copy, status };
			});
			const ends = await Promise.all(copies);

			expect(fakeX.stats().calls.access_token).toBe(1);
			expect(ends.filter(({ status }) => status >= 500)).toEqual([]);
			const handles = await Promise.all(ends.map(({ copy }) => handleOf(copy, two)));
			expect(handles.filter((handle) => handle !== undefined)).toEqual([bob?.screenName]);
			const storage = await openStorage(storageUrl);
			const { accounts, links } = await storedPeople(storage);
			expect([accounts, links.length]).toEqual([2, 2]);
			const [, userId = ""] =
				links.find((link) => link.startsWith(`x:${bob?.id}`))?.split(" ") ?? [];
			const users = [...(await usersOfSessions(storage)).values()];
			expect(users.filter((each) => each === userId)).toHaveLength(1);
		});

		test("the forms after a callback continue at the other node, and the guesses at both nodes count together", async () => {
			const [person] = people(1);
			const accounts = person === undefined ? [] : [{ ...person, email: null }];
			const { nodes, operator } = await openCluster(apart(url), accounts);
			const [one, two] = nodes;
			const askForCode = async (visitor: HttpVisitor, email: string): Promise<string> => {
				const { url: toX } = await pressButton(visitor, one);
				await comeBack(visitor, toX, person?.id ?? "", one);
				await submitStep(visitor, "email", { email }, two.url);
				return eventually(async () => {
					const { html } = await operator.open(`${one.url}/admin/mailbox`);
					const [, code] =
						/code is (\d{4} \d{4} \d{4})/.exec(html.slice(html.indexOf(email))) ?? [];
					expect(code).toBeDefined();
					return code ?? "";
				});
			};

			const guesser = new HttpVisitor();
			const guessed = await askForCode(guesser, "guessed@example.com");
			const wrong = guessed === "0000 0000 0000" ? "0000 0000 0001" : "0000 0000 0000";
			for (const node of [one, two, one, two, one]) {
				await submitStep(guesser, "code", { code: wrong }, node.url);
			}
			await submitStep(guesser, "code", { code: guessed }, two.url);
			expect(await handleOf(guesser, one)).toBeUndefined();

			const visitor = new HttpVisitor();
			const code = await askForCode(visitor, "new@example.com");
			await submitStep(visitor, "code", { code }, one.url);
			expect(await handleOf(visitor, two)).toBe(person?.screenName);
		});
	});
});
