// Two processes of the helpdesk are one OpenID Provider.
import { describe, expect, test } from "vitest";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ENGINES } from "../../kit/nodes/engines.ts";
import {
	arriveAt,
	logInAt,
	type OpenIdCluster,
	openAt,
	openIdCluster,
	type Redeemed,
	redeemAt,
	subVerifiedBy,
	userInfoAt,
} from "../../kit/nodes/openid-cluster.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { apart, describeOn } from "../../kit/storage/test-servers.ts";

/** A person at the helpdesk, whose code nobody has redeemed. The log-in started at the first node. */
async function arrive({ nodes: [one, two], party }: OpenIdCluster, index = 0) {
	const visitor = new HttpVisitor();
	await logInAt(visitor, one, index);
	const begun = await party.begin();
	return { begun, answer: await arriveAt(visitor, begun.url, two) };
}

describe.each(ENGINES)("OpenID Provider", (engine) => {
	describeOn(engine, `on two nodes with one ${engine}`, (url) => {
		test("a log-in starts at one and ends at the other, and one of 100 redemptions at most carries a token", async () => {
			const cluster = await openIdCluster(apart(url));
			const [one, two] = cluster.nodes;
			const first = await arrive(cluster);
			const { access_token: token, id_token: idToken } = await redeemAt(
				...([two, first.answer, first.begun] as const),
			);
			const sub = await subVerifiedBy(one.url, idToken);
			expect(await subVerifiedBy(two.url, idToken)).toBe(sub);
			expect([await userInfoAt(one, token), await userInfoAt(two, token)]).toEqual([200, 200]);
			const [jwksOfOne, jwksOfTwo] = await Promise.all(
				[one, two].map(async (node) => (await fetch(`${node.url}/oidc/jwks`)).text()),
			);
			expect(jwksOfOne).toBe(jwksOfTwo);

			const { begun, answer } = await arrive(cluster);
			const all = await Promise.all(
				Array.from({ length: 100 }, (_, index) =>
					redeemAt(index % 2 === 0 ? one : two, answer, begun),
				),
			);

			const carrying = all.filter((each) => each.access_token !== undefined);
			expect(carrying.length).toBeLessThanOrEqual(1);
			for (const each of all.filter((one) => !carrying.includes(one))) {
				expect(each).toMatchObject({ status: 400, error: "invalid_grant" });
			}
			for (const { access_token: ended } of carrying) {
				expect([await userInfoAt(one, ended), await userInfoAt(two, ended)]).toEqual([401, 401]);
			}
			// Nobody has replayed the first code.
			expect([await userInfoAt(one, token), await userInfoAt(two, token)]).toEqual([200, 200]);
			const replay = await redeemAt(one, first.answer, first.begun);
			expect(replay).toMatchObject({ status: 400, error: "invalid_grant" });
			expect([await userInfoAt(one, token), await userInfoAt(two, token)]).toEqual([401, 401]);
		});

		test("kill -9 between any two steps of a log-in loses nothing", async () => {
			const cluster = await openIdCluster(apart(url));
			const { party, nodes } = cluster;
			const [one, two] = nodes;
			const subs: unknown[] = [];
			for (let killedAfter = 0; killedAfter < 4; killedAfter += 1) {
				const visitor = new HttpVisitor();
				await logInAt(visitor, two);
				const begun = await party.begin({ prompt: "consent" });
				let answer = "";
				let redeemed: Redeemed = { status: 0 };
				const steps: readonly ((at: typeof one) => Promise<void>)[] = [
					async (at) => void (await openAt(visitor, begun.url, at)),
					async (at) => {
						await openAt(visitor, visitor.seen.url, at);
						const page = new URL(visitor.seen.url).pathname;
						const to = await visitor.request(`${at.url}${page}`, {
							method: "POST",
							body: new URLSearchParams({ ...hiddenIn(visitor), answer: "go" }),
						});
						answer = to.headers.get("location") ?? "";
						expect(answer).toContain("/oidc/auth/");
					},
					async (at) => {
						answer = (await openAt(visitor, answer, at)).url;
						expect(answer).toContain(`${REDIRECT_URI}?code=`);
					},
					async (at) => {
						redeemed = await redeemAt(at, answer, begun);
					},
				];
				let restarted: Promise<void> | undefined;
				for (const [step, take] of steps.entries()) {
					// The node that took a step dies after it, and the other one takes the next.
					const [at, other] = step % 2 === 0 ? [one, two] : [two, one];
					await take(at);
					await restarted;
					if (step === killedAfter) {
						await at.kill();
						restarted = at.start();
						answer = answer.replace(at.url, other.url);
					}
				}
				await restarted;
				expect([killedAfter, redeemed.status]).toEqual([killedAfter, 200]);
				for (const node of nodes) {
					expect(await userInfoAt(node, redeemed.access_token)).toBe(200);
				}
				subs.push(await subVerifiedBy(one.url, redeemed.id_token));
			}
			expect(new Set(subs).size).toBe(1);
		});

		test("kill -9 at any message of a redemption doubles nothing", async () => {
			const cluster = await openIdCluster(apart(url));
			const [one, two] = cluster.nodes;
			const ends = new Set<string>();
			// What a node leaves behind that dies before a message arrives is what the message before has left.
			for (let step = 0, more = true; more; step += 1) {
				const { begun, answer } = await arrive(cluster, 1);
				let restarted: Promise<void> | undefined;
				one.toStorage.set(step, "after", () => {
					restarted = one.kill().then(() => one.start());
				});
				const first = await redeemAt(one, answer, begun).catch(() => undefined);
				more = one.toStorage.clear();
				const second = await redeemAt(two, answer, begun);
				const tokens = [first, second].flatMap((each) => each?.access_token ?? []);
				expect([step, tokens.length <= 1]).toEqual([step, true]);
				if (first?.access_token !== undefined) {
					expect(await userInfoAt(two, first.access_token)).toBe(401);
				}
				ends.add(second.access_token === undefined ? "spent" : "redeemed later");
				await restarted;
			}
			expect([...ends].sort()).toEqual(["redeemed later", "spent"]);
		});
	});
});

/** The fields of the page about the data that its visitor does not fill in. */
function hiddenIn({ seen }: HttpVisitor): Readonly<Record<string, string>> {
	const form = formsIn(seen.html).find(({ action }) => action === new URL(seen.url).pathname);
	return form === undefined ? {} : Object.fromEntries(hiddenFields(form));
}
