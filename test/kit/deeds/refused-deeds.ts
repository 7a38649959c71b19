import { EMAIL } from "../../../src/helpdesk/web/portal/email-pages.ts";
import type { HttpVisitor } from "../helpdesk/http-visitor.ts";
import { addUnconfirmed } from "../helpdesk/unconfirmed-account.ts";
import {
	again,
	type Deed,
	logInAtPortal,
	NEXT_PASSWORD,
	nobody,
	OPERATOR,
	PASSWORD,
	postFrom,
	type World,
} from "./world.ts";

const EVE = "eve@helpdesk.example";
const UNA = "una@example.com";
const WRONG = "000000000000";
const NO_LINK = "A".repeat(43);

interface Person {
	readonly visitor: HttpVisitor;
	readonly id: string;
}

/** A user who is logged in, has proven no address, and has asked for so many codes. */
async function una(world: World, codes: number): Promise<Person> {
	const id = await addUnconfirmed(world.storage, { name: "Una", email: UNA, password: PASSWORD });
	const visitor = await logInAtPortal(world, PASSWORD, UNA);
	for (let each = 0; each < codes; each += 1) {
		await postFrom(world, visitor, EMAIL, { email: UNA, letters: "99" });
	}
	return { visitor, id };
}

const idOf = (_world: World, before: unknown): string => (before as Person).id;
const browserOf = (world: World, before: unknown) => again(world, (before as Person).visitor);

/** What operators and visitors are refused, besides log-ins. */
export const REFUSED_DEEDS = {
	"operator.role-refused": {
		before: async ({ core, visitor, url }) => {
			await core.operators.add(EVE, "support", NEXT_PASSWORD);
			const eve = visitor();
			await eve.open(`${url}/admin/login`);
			await eve.submit("/admin/login", { email: EVE, password: NEXT_PASSWORD });
			return { visitor: eve, id: EVE };
		},
		act: (world, before) => browserOf(world, before).open(`${world.url}/admin/operators`),
		changes: [],
		actor: idOf,
	},
	"operator.proof-missing": {
		before: async ({ clock }) => clock.advance(10 * 60_000),
		act: ({ post }) => post("/admin/operators", { email: EVE, role: "owner" }),
		changes: [],
	},
	"operator.form-refused": {
		act: ({ operator, url }) => operator.post(`${url}/admin/profile`, [["new", "a secret"]]),
		changes: [],
		object: () => OPERATOR,
		actor: nobody,
	},
	"operator.address-code-failed": {
		act: ({ post }) => post("/admin/profile/address/code", { code: WRONG }),
		changes: [],
	},
	"operator.invitation-failed": {
		act: ({ visitor, url }) =>
			visitor().open(`${url}/admin/invitation?token=${NO_LINK}.${NO_LINK}`),
		changes: [],
		actor: nobody,
	},
	"user.proof-missing": {
		before: async (world) => {
			const visitor = await logInAtPortal(world, PASSWORD);
			world.clock.advance(10 * 60_000);
			return { visitor, id: world.ada };
		},
		act: (world, before) =>
			postFrom(world, browserOf(world, before), "/account/log-out-everywhere"),
		changes: [],
		actor: idOf,
	},
	"user.form-refused": {
		before: async (world) => ({ visitor: await logInAtPortal(world, PASSWORD), id: world.ada }),
		act: (world, before) =>
			browserOf(world, before).post(`${world.url}/login`, [["password", "a secret"]]),
		changes: [],
		object: ({ ada }) => ada,
		actor: nobody,
	},
	"user.address-code-failed": {
		before: (world) => una(world, 1),
		act: (world, before) =>
			postFrom(world, browserOf(world, before), `${EMAIL}/code`, { code: WRONG }),
		changes: [],
		actor: idOf,
	},
	"user.link-failed": {
		act: ({ visitor, url }) => visitor().open(`${url}/reset?token=${NO_LINK}`),
		changes: [],
		actor: nobody,
	},
	"user.limit-reached": {
		before: (world) => una(world, 5),
		act: (world, before) =>
			postFrom(world, browserOf(world, before), EMAIL, { email: UNA, letters: "99" }),
		changes: [],
		actor: idOf,
	},
} as const satisfies Readonly<Record<string, Deed>>;
