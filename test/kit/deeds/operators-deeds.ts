import { expect } from "vitest";
import type { StorageValue } from "../../../src/contract/storage.ts";
import { EXPORT_LINKS } from "../../../src/helpdesk/add-ons/jobs/export-links.ts";
import { RECOUNT } from "../../../src/helpdesk/people/jobs/recount.ts";
import { policyField } from "../../../src/helpdesk/web/admin/registration/registration-page.ts";
import { codeOf, keyIn } from "../helpdesk/authenticator-app.ts";
import type { HttpVisitor, Seen } from "../helpdesk/http-visitor.ts";
import { ADD_PASSKEY, addPasskey, REMOVE_PASSKEY } from "../helpdesk/passkeys-of-operators.ts";
import { type OwnFactor, SET_UP, setUpSecondFactor } from "../helpdesk/second-factor.ts";
import { passkeyOptionsIn, SoftAuthenticator } from "../helpdesk/soft-authenticator.ts";
import { type Deed, NEXT_PASSWORD, nobody, OPERATOR, otherSession, type World } from "./world.ts";

const WEBHOOK = "/admin/settings/general/alerts/webhook";
const EVE = "eve@helpdesk.example";

/** @returns the id of another operator. */
async function addEve({ core: { operators } }: World): Promise<string> {
	await operators.add(EVE, "support");
	const eve = (await operators.list()).find(({ email }) => email === EVE);
	return eve?.id ?? expect.fail("no operator");
}

/** The operator at their browser, as a request finds them. */
async function atBrowser({ operators }: World["core"], { cookies }: HttpVisitor) {
	const sessionEpoch = (await operators.sessionEpochOf(OPERATOR)) ?? 0;
	const browserToken = cookies.get("admin-acorn") ?? "";
	return { email: OPERATOR, sessionEpoch, browserToken, network: "192.0.2.1" };
}

/** @returns the id of a letter that waits. */
async function newLetter({ core: { outbox }, storage }: World): Promise<string> {
	const letter = { brandId: "acorn", to: EVE, subject: "Hello", text: "Hello" };
	const sets = outbox.letterSets(letter, null, { forServer: true });
	await storage.commit({ sets });
	return sets[0]?.key.at(-1) ?? expect.fail("no letter");
}

/** Saves a mail server that does not answer. */
function saveServer({ core }: World) {
	const server = { host: "127.0.0.1", port: 1, tls: "required", user: "" } as const;
	return core.mailServers.saved.save({ ...server, from: "help@example.com" }, undefined);
}

/** @returns the id of a job that has not begun. */
async function newJob(core: World["core"], type: string, params: StorageValue): Promise<string> {
	const started = await core.jobs.start({ type, params, by: OPERATOR });
	return "id" in started ? started.id : expect.fail("not started");
}

/** The deeds of operators about themselves, each other, jobs and records. */
export const OPERATORS_DEEDS = {
	"operator.log-in": {
		act: (world) => world.logIn(world.visitor(), world.password),
		changes: [["sessions"]],
	},
	"operator.log-in-failed": {
		act: (world) => world.logIn(world.visitor(), "wrong"),
		changes: [],
		object: () => OPERATOR,
		actor: nobody,
	},
	"operator.log-out": { act: ({ post }) => post("/admin/logout"), changes: [["sessions"]] },
	"operator.change-own": {
		act: ({ post, password }) => post("/admin/profile", { current: password, new: NEXT_PASSWORD }),
		changes: [["operators"]],
	},
	"sign-ins.export": {
		act: ({ operator, url }) => operator.open(`${url}/admin/sign-ins/export`),
		changes: [],
	},
	"registration.change": {
		act: ({ post }) =>
			post("/admin/settings/users/registration", {
				[policyField("acorn")]: "closed",
				[policyField("harbor")]: "approval",
			}),
		changes: [["registration"]],
	},
	"mailbox.read": {
		act: ({ operator, url }) => operator.open(`${url}/admin/mailbox`),
		changes: [],
	},
	"mailbox.resend": {
		before: newLetter,
		act: ({ post }, id) => post(`/admin/mailbox/letters/${id}/resend`),
		changes: [["outbox"]],
	},
	"mailbox.delete": {
		before: newLetter,
		act: ({ post }, id) => post(`/admin/mailbox/letters/${id}/delete`),
		changes: [["outbox"]],
	},
	"mail-server.change": {
		setsMailServer: true,
		act: ({ post }) =>
			post("/admin/mailbox/server", {
				...{ host: "127.0.0.1", port: "1", encryption: "required" },
				from: "help@example.com",
			}),
		changes: [["mail-server"]],
	},
	"mail-server.test": {
		setsMailServer: true,
		before: saveServer,
		act: ({ post }) => post("/admin/mailbox/server/test"),
		changes: [],
	},
	"mail-server.remove": {
		setsMailServer: true,
		before: saveServer,
		act: ({ post }) => post("/admin/mailbox/server/remove"),
		changes: [["mail-server"]],
	},
	"job.start": {
		act: ({ post }) => post("/admin/jobs", { type: RECOUNT }),
		changes: [["jobs", "job"]],
	},
	"audit.change": {
		act: ({ post }) => post("/admin/audit", { days: "90", confirmed: "yes" }),
		changes: [["audit", "settings"]],
	},
	"operator.choose-alerts": {
		act: ({ post }) => post("/admin/profile/alerts"),
		changes: [["operators"]],
	},
	"alerts.set-webhook": {
		act: ({ post }) => post(WEBHOOK, { url: "https://pager.example/hook" }),
		changes: [["alerts"]],
	},
	"alerts.remove-webhook": {
		before: ({ core }) => core.alerts.webhook.set("https://pager.example/hook"),
		act: ({ post }) => post(`${WEBHOOK}/remove`, { confirmed: "yes" }),
		changes: [["alerts"]],
	},
	"alerts.test-webhook": {
		act: ({ post }) => post(`${WEBHOOK}/test`),
		changes: [],
	},
	"audit.export": {
		act: ({ operator, url }) => operator.open(`${url}/admin/audit/export`),
		changes: [],
	},
	"operator.end-session": {
		before: async (world) => {
			await world.logIn(world.visitor(), world.password);
			const { html } = await world.operator.open(`${world.url}/admin/profile`);
			return otherSession(html);
		},
		act: ({ post }, id) => post("/admin/profile/sessions/end", { session: String(id) }),
		changes: [["sessions", "admin"]],
	},
	"operator.end-sessions": {
		act: ({ post }) => post("/admin/profile/sessions/end-others", { confirmed: "yes" }),
		changes: [["operators"]],
	},
	"operator.prove": {
		act: ({ post, password }) => post("/admin/prove", { password }),
		changes: [["sessions", "admin"]],
	},
	"operator.invite": {
		act: ({ post }) => post("/admin/operators", { email: EVE, role: "support" }),
		changes: [["operator-invitations"]],
		object: () => EVE,
	},
	"operator.withdraw-invitation": {
		before: ({ core }) => core.invitations.invite({ email: EVE, role: "support", by: OPERATOR }),
		act: ({ post }) => post("/admin/operators/invitations/withdraw", { email: EVE }),
		changes: [["operator-invitations"]],
		object: () => EVE,
	},
	"operator.accept": {
		before: ({ core }) => core.invitations.invite({ email: EVE, role: "support", by: OPERATOR }),
		act: async ({ visitor, url }, token) => {
			const invited = visitor();
			await invited.open(`${url}/admin/invitation?token=${token}`);
			return invited.submit("/admin/invitation", { new: NEXT_PASSWORD });
		},
		changes: [["operators"]],
		actor: () => EVE,
	},
	"operator.change-role": {
		before: addEve,
		act: ({ post }, id) => post(`/admin/operators/${id}/role`, { role: "administrator" }),
		changes: [["operators"]],
		object: () => EVE,
	},
	"operator.put-out": {
		before: addEve,
		act: ({ post }, id) => post(`/admin/operators/${id}/log-out`, { confirmed: "yes" }),
		changes: [["operators"]],
		object: () => EVE,
	},
	"operator.remove": {
		before: addEve,
		act: ({ post }, id) => post(`/admin/operators/${id}/remove`, { confirmed: "yes" }),
		changes: [["operators"]],
		object: () => EVE,
	},
	"operator.ask-address-code": {
		act: ({ post }) => post("/admin/profile/address", { email: EVE, letters: "0" }),
		changes: [["operator-address-codes", "pending"]],
		object: () => EVE,
	},
	"operator.change-address": {
		before: async ({ core, operator }) => {
			const asked = await core.operatorAddresses.ask(await atBrowser(core, operator), EVE, 0);
			return asked.kind === "code" ? asked.code : expect.fail("no code");
		},
		act: ({ post }, code) => post("/admin/profile/address/code", { code: String(code) }),
		changes: [["operators"]],
		object: () => EVE,
	},
	"operator.set-up-second-factor": {
		before: async ({ operator, url, clock }) => {
			const page = await operator.open(`${url}${SET_UP}`);
			return { page, code: codeOf(keyIn(page.html), clock.now()) };
		},
		act: ({ operator }, before) => {
			const { page, code } = before as { readonly page: Seen; readonly code: string };
			operator.seen = page;
			return operator.submit(SET_UP, { code });
		},
		changes: [["operators"]],
	},
	"operator.turn-off-second-factor": {
		before: ({ operator, url, clock }) => setUpSecondFactor(operator, url, clock),
		act: ({ post }) => post("/admin/profile/second-factor/off", { confirmed: "yes" }),
		changes: [["operators"]],
	},
	"operator.add-passkey": {
		before: async ({ operator, url }) => {
			const page = await operator.open(`${url}${SET_UP}`);
			return { page, passkey: new SoftAuthenticator(url).create(passkeyOptionsIn(page.html)) };
		},
		act: ({ operator }, before) => {
			const { page, passkey } = before as { readonly page: Seen; readonly passkey: string };
			operator.seen = page;
			return operator.submit(ADD_PASSKEY, { passkey });
		},
		changes: [["operators"]],
	},
	"operator.remove-passkey": {
		before: async ({ core, operator, url }) => {
			await addPasskey(operator, url, new SoftAuthenticator(url));
			return (await core.secondFactors.of(OPERATOR))?.passkeys[0]?.id;
		},
		act: ({ post }, id) => post(REMOVE_PASSKEY, { id: String(id), confirmed: "yes" }),
		changes: [["operators"]],
	},
	"operator.renew-recovery-codes": {
		before: ({ operator, url, clock }) => setUpSecondFactor(operator, url, clock),
		act: ({ post }) => post("/admin/profile/second-factor/recovery-codes", { confirmed: "yes" }),
		changes: [["operators"]],
	},
	"operator.use-recovery-code": {
		before: ({ operator, url, clock }) => setUpSecondFactor(operator, url, clock),
		act: async (world, before) => {
			const { recoveryCodes } = before as OwnFactor;
			const visitor = world.visitor();
			await world.logIn(visitor, world.password);
			return visitor.submit("/admin/login/code", { recovery: recoveryCodes[0] ?? "" });
		},
		changes: [["operators"]],
	},
	"operator.require-second-factor": {
		act: ({ post }) => post("/admin/operators/second-factor", { least: "owner" }),
		changes: [["operators"]],
	},
	"job.cancel": {
		before: ({ core }) => newJob(core, RECOUNT, null),
		act: ({ post }, id) => post(`/admin/jobs/${id}/cancel`),
		changes: [["jobs"]],
	},
	"job.again": {
		before: async ({ core, storage }) => {
			const id = await newJob(core, RECOUNT, null);
			const key = ["jobs", "job", id];
			const entry = await storage.get(key);
			const failed = { ...(entry?.value as object), state: "failed", tries: 5, problem: "no" };
			await storage.commit({ sets: [{ key, value: failed }] });
			return id;
		},
		act: ({ post }, id) => post(`/admin/jobs/${id}/again`),
		changes: [["jobs", "job"]],
	},
	"job.download": {
		before: async ({ core }) => {
			const id = await newJob(core, EXPORT_LINKS, { addOn: "x-login", brandIds: ["acorn"] });
			await core.runner.drive(id, 60_000);
			return id;
		},
		act: ({ operator, url }, id) => operator.open(`${url}/admin/jobs/${id}/file`),
		changes: [],
	},
} as const satisfies Readonly<Record<string, Deed>>;
