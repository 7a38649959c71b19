import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";

/** A name that reverses the text after it, hides a letter and begins a new line. */
const HOSTILE = "Ada\u202e\u200b\u3164\r\nBcc: eve@example.com";
const SHOWN = "Ada Bcc: eve@example.com";

test("finding 17: a name from a plugin is stored and shown without control, bidi and invisible characters", async () => {
	const { accounts, storage } = await openCore();

	const creation = await accounts.create("a key", {
		brandId: "acorn",
		name: HOSTILE,
		email: "ada@example.com",
		emailProof: "asserted",
		locale: "en",
	});

	expect(creation).toMatchObject({ kind: "created", user: { name: SHOWN } });
	expect((await stored(storage, NAMESPACES.accounts)).join()).toContain(`"name":"${SHOWN}"`);
});

test("finding 17: a name of which nothing can be shown becomes the local part of the address", async () => {
	const { accounts } = await openCore();
	const user = { brandId: "acorn", name: "\u3164\u200b", email: "ada@example.com", locale: "en" };

	expect(await accounts.addFromTicket(user)).toMatchObject({ name: "ada" });
});

test("finding 17: a name that an older version stored as it was typed is shown clean, and stays stored", async () => {
	const { accounts, storage, addUser } = await openCore();
	const { id } = await addUser("ada@example.com");
	const key = [...NAMESPACES.accounts, "account", id];
	const { value } = (await storage.get(key)) ?? {};
	await storage.commit({ sets: [{ key, value: { ...(value as object), name: HOSTILE } }] });

	expect(await accounts.find(id)).toMatchObject({ name: SHOWN });
	expect((await accounts.page()).accounts.map(({ name }) => name)).toEqual([SHOWN]);
});

test.each([
	["می\u200cخواهم 👨\u200d👩\u200d👧", "می\u200cخواهم 👨\u200d👩\u200d👧"],
	["\u2800\ufe0f\uffa0", "ada"],
	["\u{e0067}\u{e0062}\u180e", "ada"],
])(
	"a name from a plugin, a ticket and the form for registering follows one rule: %j",
	async (name, shown) => {
		const { accounts } = await openCore();
		const user = { brandId: "acorn", name, locale: "en" };

		const creation = await accounts.create("a key", {
			...user,
			email: "ada@a.example",
			emailProof: "asserted",
		});
		const ticket = await accounts.addFromTicket({ ...user, email: "ada@b.example" });
		const registered = await accounts.register({ ...user, email: "ada@c.example" }, "a hash");
		const { id } = (await accounts.addFromTicket({ ...user, email: "ada@d.example" })) ?? {
			id: "",
		};

		expect(creation).toMatchObject({ kind: "created", user: { name: shown } });
		expect(ticket).toMatchObject({ name: shown });
		expect(registered).toMatchObject({ name: shown });
		expect(await accounts.claim(id, { name, password: "a hash", isHolder: false })).toMatchObject({
			name: shown,
		});
	},
);
