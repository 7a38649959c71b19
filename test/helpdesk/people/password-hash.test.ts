import { expect, test } from "vitest";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { PASSWORD_COST, PasswordHasher } from "../../../src/helpdesk/people/password-hash.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";

const PASSWORD = "correct horse";
/** The hash of this password by version 0.1.0. */
const OLD_HASH =
	"scrypt$32768$8$3$h1Bo9KmUNwObNbZQMKjXlQ$krSkSSW5QC3OX_hqgkHbbya-sX7lO0pxrTFt-HEPt0s";
const REAL_COST = /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/;

test("a helpdesk that names no hasher stores its operator's password at the real cost", async () => {
	const { hasher: _, ...options } = await helpdeskOptions();
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));

	await core.operators.makeFirst();
	await core.close();

	const { entries } = await options.storage.list(NAMESPACES.operators);
	expect(entries.map(({ value }) => value)).toContainEqual(
		expect.objectContaining({ password: expect.stringMatching(REAL_COST) }),
	);
});

test.each([
	["real", new PasswordHasher(PASSWORD_COST)],
	["cheap", CHEAP_HASHER],
])("a hasher at a %s cost checks a hash at the cost that the hash names", async (_, hasher) => {
	expect(await hasher.isPassword(PASSWORD, OLD_HASH)).toBe(true);
	expect(await hasher.isPassword("a guess", OLD_HASH)).toBe(false);
	const cheap = await CHEAP_HASHER.hash(PASSWORD);
	expect(cheap).toMatch(/^scrypt\$2\$1\$1\$/);
	expect(await hasher.isPassword(PASSWORD, cheap)).toBe(true);
	expect(await hasher.isPassword(PASSWORD, cheap.replace("$2$", "$4$"))).toBe(false);
});

test.each([undefined, "", "scrypt", "scrypt$2$1$1$$", "md5$2$1$1$AAAA$AAAA"])(
	"nothing is the password of %j",
	async (hashed) => {
		expect(await CHEAP_HASHER.isPassword("", hashed)).toBe(false);
	},
);
