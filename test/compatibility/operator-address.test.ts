import { expect, test } from "vitest";
import type { MailMessage } from "../../src/contract/mail.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { logInOperator } from "./administration.ts";
import { fixtureVersions, readStory } from "./fixture.ts";
import { loadFixture, openFixture } from "./open-fixture.ts";

const NEW = "owner@shop.example";
const ADDRESS = "/admin/profile/address";

test.each(fixtureVersions())("the operator of %s gets an address of their own", async (version) => {
	const story = await readStory(version, "sqlite");
	const letters: MailMessage[] = [];
	const place = await loadFixture(version, "sqlite", "");
	const open = await openFixture(place, story, undefined, async (letter) => {
		letters.push(letter);
	});
	const { operator, acorn } = open;
	await operator.open(`${acorn}/admin/profile`);
	await operator.submit(ADDRESS, { email: NEW });
	const find = () => letters.find(({ to }) => to === NEW);
	await expect.poll(find).toBeDefined();
	const [code = ""] = /\d{4} \d{4} \d{4}/.exec(find()?.text ?? "") ?? [];

	await operator.submit(`${ADDRESS}/code`, { code });

	expect(operator.seen.html).toContain("Your e-mail address is changed");
	await logInOperator(new HttpVisitor(), acorn, { ...story.operator, email: NEW });
	await expect(logInOperator(new HttpVisitor(), acorn, story.operator)).rejects.toThrow(
		"does not get in",
	);
	expect(open.errors()).toEqual([]);
});
