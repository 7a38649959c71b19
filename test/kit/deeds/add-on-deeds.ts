import { expect } from "vitest";
import { pluginStateOf } from "../../../src/helpdesk/namespaces.ts";
import { tinyZip } from "../artifact/plugin-versions.ts";
import { keysFor } from "../plugin/open-house.ts";
import { type Deed, OFFERED, type World, X } from "./world.ts";

const KEYS = { ...keysFor("oauth1"), mode: "login-and-signup" };
const ADD_ONS = "/admin/settings/general/add-ons";
const HELPDESKS = "/admin/settings/general/connected-helpdesks";
const ADD_RT = `${HELPDESKS}/add?brand=acorn&preset=request-tracker`;
const RT = { address: "http://127.0.0.1:4", name: "RT" };
const ADD_HAND_OFF = `${HELPDESKS}/add-hand-off?brand=acorn&preset=supportpal`;
const HAND_OFF = {
	...{ address: "https://support.example.com", name: "SupportPal" },
	secret: "canary-key-0123456789",
};

/** @returns the id of a connected helpdesk. */
export async function connectRequestTracker({ core, post }: World): Promise<string> {
	await post(ADD_RT, RT);
	const [helpdesk] = await core.openid.storedAt("acorn").helpdesks.all();
	return helpdesk?.id ?? expect.fail("no helpdesk");
}

/** @returns the id of a helpdesk that takes a signed token. */
async function connectHandOff({ core, post }: World): Promise<string> {
	await post(ADD_HAND_OFF, HAND_OFF);
	const [helpdesk] = await core.handOffs.of("acorn").helpdesks.all();
	return helpdesk?.id ?? expect.fail("no helpdesk");
}

async function installTiny({ core, clock }: World, version = "1.0.0"): Promise<void> {
	const zip = tinyZip({}, { version });
	const sha256 = await core.packages.keepForReview({ zip, signature: undefined }, clock.now());
	expect(await core.installer.install(sha256)).toMatchObject({ kind: "done" });
}

/** The deeds of operators about add-ons, their links and keys, and connected helpdesks. */
export const ADD_ON_DEEDS = {
	"links.export": {
		act: ({ operator, url }) => operator.open(`${url}${X}/links.csv`),
		changes: [],
		object: () => "x-login",
	},
	"links.prepare-export": {
		act: ({ post }) => post(`${X}/links/export`),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"links.import": {
		act: ({ post }) =>
			post(`${X}/links`, { brand: "acorn", links: "x_id,email\n1,ada@example.com\n" }),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"keys.change": {
		act: ({ post }) => post(`${X}?brand=acorn`, KEYS),
		changes: [["plugin-settings"]],
		object: () => "x-login",
	},
	"keys.test": {
		act: ({ post }) => post(`${X}/test?brand=acorn`),
		changes: [["set-up-tests"]],
		object: () => "x-login",
	},
	"brand.switch": {
		before: async ({ post }) => {
			await post(`${X}?brand=acorn`, KEYS);
		},
		act: ({ post }) => post("/admin/settings/users/social-login/x-login", { acorn: "on" }),
		changes: [["plugin-settings"]],
		object: () => "x-login",
	},
	"add-on.activate": {
		before: async ({ core }) => (await core.addOns.find("x-login"))?.plugin.deactivate(),
		act: ({ post }) => post(`${X}/activate`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.deactivate": {
		act: ({ post }) => post(`${X}/deactivate`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.uninstall": {
		act: ({ post }) => post(`${X}/uninstall`, { confirmed: "yes" }),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"add-on.reinstall": {
		before: async ({ core }) => (await core.addOns.find("x-login"))?.plugin.uninstall("keep"),
		act: ({ post }) => post(`${X}/install`),
		changes: [["plugin-state"]],
		object: () => "x-login",
	},
	"links.delete-list": {
		before: async ({ core, storage }) => {
			const id = await core.files.begin({ kind: "links", addOn: "x-login", name: "a.csv" }, 60_000);
			await storage.commit(core.files.part(id, 0, "x_id,email"));
			return id;
		},
		act: ({ post }, file) => post(`${X}/links/delete`, { file: String(file), confirmed: "yes" }),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"add-on.upload": {
		act: ({ post }) => post(`${ADD_ONS}/choose`, { file: OFFERED }),
		changes: [["packages", "review"]],
	},
	"add-on.install": {
		before: ({ core, clock }) =>
			core.packages.keepForReview({ zip: tinyZip({}), signature: undefined }, clock.now()),
		act: ({ post }, sha256) => post(`${ADD_ONS}/install`, { sha256: String(sha256) }),
		changes: [["plugin-state"]],
	},
	"add-on.roll-back": {
		before: async (world) => {
			await installTiny(world);
			await installTiny(world, "1.1.0");
		},
		act: ({ post }) => post(`${ADD_ONS}/tiny/roll-back`),
		changes: [["plugin-state"]],
		object: () => "tiny",
	},
	"add-on.discard": {
		before: ({ storage }) => {
			const current = { version: "1.0.0", sha256: "0".repeat(64), bundled: false };
			const key = [...pluginStateOf("broken"), "state"];
			return storage.commit({ sets: [{ key, value: { status: "active", current } }] });
		},
		act: ({ post }) => post(`${ADD_ONS}/broken/discard`, { sure: "on" }),
		changes: [["jobs", "job"]],
		object: () => "broken",
	},
	"add-on.remove": {
		before: async (world) => {
			await installTiny(world);
			await (await world.core.addOns.find("tiny"))?.plugin.uninstall("purge");
			const slot = world.core.addOns.slot("tiny");
			await slot.empty();
			await slot.states.emptied();
		},
		act: ({ post }) => post(`${ADD_ONS}/tiny/remove`, { confirmed: "yes" }),
		changes: [["plugin-state"]],
		object: () => "tiny",
	},
	"add-on.delete-data": {
		before: async ({ core }) => (await core.addOns.find("x-login"))?.plugin.uninstall("keep"),
		act: ({ post }) => post(`${X}/delete-kept`, { confirmed: "yes", data: "purge", sure: "on" }),
		changes: [["jobs", "job"]],
		object: () => "x-login",
	},
	"connected-helpdesk.add": {
		act: ({ post }) => post(ADD_RT, RT),
		changes: [["openid", "helpdesks"]],
	},
	"connected-helpdesk.change": {
		before: connectRequestTracker,
		act: ({ post }, id) =>
			post(`${HELPDESKS}/helpdesk/${id}?brand=acorn`, { ...RT, name: "Another name" }),
		changes: [["openid", "helpdesks"]],
	},
	"connected-helpdesk.renew-secret": {
		before: connectRequestTracker,
		act: ({ post }, id) =>
			post(`${HELPDESKS}/helpdesk/${id}/secret?brand=acorn`, { confirmed: "yes" }),
		changes: [["openid", "helpdesks"]],
	},
	"connected-helpdesk.remove": {
		before: connectRequestTracker,
		act: ({ post }, id) => post(`${HELPDESKS}/helpdesk/${id}/remove?brand=acorn`),
		changes: [["jobs", "job"]],
	},
	"connected-helpdesk.check": {
		before: connectHandOff,
		act: ({ post }, id) => post(`${HELPDESKS}/hand-off/${id}/check?brand=acorn`),
		changes: [],
	},
} as const satisfies Readonly<Record<string, Deed>>;

/** The same deeds about helpdesks that take a signed token. */
export const HAND_OFF_DEEDS = {
	"connected-helpdesk.add": {
		act: ({ post }) => post(ADD_HAND_OFF, HAND_OFF),
		changes: [["hand-off"]],
	},
	"connected-helpdesk.change": {
		before: connectHandOff,
		act: ({ post }, id) =>
			post(`${HELPDESKS}/hand-off/${id}?brand=acorn`, { ...HAND_OFF, name: "Another name" }),
		changes: [["hand-off"]],
	},
	"connected-helpdesk.remove": {
		before: connectHandOff,
		act: ({ post }, id) => post(`${HELPDESKS}/hand-off/${id}/remove?brand=acorn`),
		changes: [["jobs", "job"]],
	},
} as const satisfies Readonly<Record<string, Deed>>;
