import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
	deletedWith,
	handOffHelpdesksOf,
	NAMESPACES,
	NOT_RESTORED,
	pluginDataOf,
	pluginSettingsOf,
	pluginStateOf,
	sessionsOf,
	setUpTestsOf,
	signInsOf,
} from "../../src/helpdesk/namespaces.ts";

test("namespaces are where version 0.1.0 stored its data", () => {
	expect(NAMESPACES).toEqual({
		operators: ["operators"],
		operatorInvitations: ["operator-invitations"],
		operatorCodes: ["operator-codes"],
		passkeyChallenges: ["passkey-challenges"],
		operatorAddressCodes: ["operator-address-codes"],
		brands: ["brands"],
		brandLogos: ["brand-logos"],
		administration: ["administration"],
		registration: ["registration"],
		accounts: ["accounts"],
		outbox: ["outbox"],
		mailIndex: ["mail-index"],
		letterTexts: ["letter-texts"],
		mailServer: ["mail-server"],
		passwordResets: ["password-resets"],
		passwordGuesses: ["password-guesses"],
		pendingRegistrations: ["pending-registrations"],
		addressProofs: ["address-proofs"],
		requestCounts: ["request-counts"],
		health: ["health"],
		installedPackages: ["packages", "installed"],
		reviewedPackages: ["packages", "review"],
		jobs: ["jobs"],
		files: ["files"],
		pluginStates: ["plugin-state"],
		audit: ["audit"],
		alerts: ["alerts"],
		alertEvents: ["alert-events"],
	});
	expect(sessionsOf("admin", "acorn")).toEqual(["sessions", "admin", "acorn"]);
	expect(pluginStateOf("x-login")).toEqual(["plugin-state", "x-login"]);
	expect(pluginDataOf("x-login")).toEqual(["plugin-data", "x-login"]);
	expect(pluginSettingsOf("x-login")).toEqual(["plugin-settings", "x-login"]);
	expect(setUpTestsOf("x-login")).toEqual(["set-up-tests", "x-login"]);
	expect(signInsOf("x-login")).toEqual(["sign-ins", "x-login"]);
});

test("what a hand-off needs lies where it is restored with the settings", () => {
	const place = handOffHelpdesksOf("acorn");
	expect(place).toEqual(["hand-off", "helpdesks", "acorn"]);
	expect(NOT_RESTORED.flat()).not.toContain("hand-off");
});

test("the audit trail is restored with everything else", () => {
	expect(NOT_RESTORED.flat()).not.toContain("audit");
});

test("an uninstall with its data deletes all namespaces of the plugin but its state", () => {
	expect(deletedWith("x-login")).toEqual([
		["plugin-data", "x-login"],
		["plugin-settings", "x-login"],
		["set-up-tests", "x-login"],
		["sign-ins", "x-login"],
	]);
});

test("a restore leaves out expiring entries of sessions, links in letters, plugins and jobs", () => {
	expect(NOT_RESTORED).toEqual([
		["sessions"],
		["operator-invitations"],
		["operator-codes"],
		["passkey-challenges"],
		["operator-address-codes"],
		["letter-texts"],
		["password-resets"],
		["password-guesses"],
		["pending-registrations"],
		["address-proofs"],
		["request-counts"],
		["plugin-data"],
		["openid", "records"],
		["openid", "log-outs"],
		["openid", "tests"],
		["jobs"],
		["files"],
		["alert-events"],
	]);
});

test("the scripts of the README delete what a restore leaves out", async () => {
	const readme = await readFile("src/helpdesk/README.md", "utf8");
	const [, sql = ""] = /key ~ '\^\(([^)]*)\)\/'/.exec(readme) ?? [];
	const lua = [...readme.matchAll(/kind == "([^"]+)"/g)].map(([, kind]) => kind);
	const kinds = [...new Set(NOT_RESTORED.map(([first]) => first))];
	expect(sql.split("|")).toEqual(kinds);
	expect(lua).toEqual(kinds);
});

test("no other source of the helpdesk or its commands writes a namespace", async () => {
	const found: string[] = [];
	for (const folder of ["src/helpdesk", "src/cli"]) {
		for (const name of await readdir(folder, { recursive: true })) {
			const source = name.endsWith(".ts") ? await readFile(`${folder}/${name}`, "utf8") : "";
			if (/namespaced\([^[\];]*\[\s*"/.test(source)) {
				found.push(`${folder}/${name}`);
			}
		}
	}
	expect(found).toEqual([]);
});
