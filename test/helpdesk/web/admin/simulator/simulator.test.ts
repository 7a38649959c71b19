import { Window } from "happy-dom";
import { expect, test } from "vitest";
import { loadPlugin } from "../../../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../../../src/artifact/zip/pack-archive.ts";
import { tinyPlugin } from "../../../../kit/artifact/tiny-plugin.ts";
import type { HttpVisitor, Seen } from "../../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const SIMULATOR = `${INTEGRATIONS}/x-login/simulator`;

function documentOf({ html }: Seen) {
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

function screensOf(seen: Seen) {
	return [...documentOf(seen).querySelectorAll("ol.screens > li")];
}

/** The chosen labels, by the name of the field. */
function chosen({ seen }: HttpVisitor): Readonly<Record<string, string>> {
	const selects = [...documentOf(seen).querySelectorAll("select")];
	return Object.fromEntries(
		selects.map((select) => [
			select.getAttribute("name"),
			(select.querySelector("option[selected]") ?? select.querySelector("option"))?.textContent,
		]),
	);
}

test("the address of a case shows its answers, its screens and the rule that decided", async () => {
	const { portal, operator } = await openHelpdesk();

	const seen = await operator.open(
		`${portal}${SIMULATOR}?brand=harbor&language=de&case-email=missing&case-typedEmail=of-staff`,
	);

	expect(seen.status).toBe(200);
	expect(chosen(operator)).toMatchObject({
		brand: "Harbor Music",
		language: "German",
		"case-email": "None",
		"case-typedEmail": "A support team member's",
		"case-mode": "Current setting: Log in and sign up",
	});
	const [form, code, letter, ...others] = screensOf(seen).map(({ textContent }) => textContent);
	expect(form).toContain("Wie lautet Ihre E-Mail-Adresse?");
	expect(form).toContain("The e-mail address X gives: None (rule 21).");
	expect(code).toContain("Code eingeben");
	expect(letter).toContain("The e-mail contains no code");
	expect(others).toEqual([]);
});

test("the integrations and the settings link to the simulator, and it works before anything is active", async () => {
	const open = await openHelpdesk();
	const { portal, operator } = open;
	await operator.open(`${portal}${INTEGRATIONS}`);
	expect(operator.seen.html).toContain(`href="${SIMULATOR}"`);
	await operator.open(`${portal}${SIMULATOR}`);
	expect(operator.seen.html).toContain("not switched on for Acorn Outdoor");

	await setUpX(open);

	await operator.open(`${portal}${INTEGRATIONS}/x-login?brand=harbor`);
	expect(operator.seen.html).toContain(`href="${SIMULATOR}?brand=harbor"`);
	await operator.open(`${portal}${SIMULATOR}`);
	expect(operator.seen.html).not.toContain("not switched on");
	await operator.open(`${portal}${SIMULATOR}?brand=harbor`);
	expect(operator.seen.html).toContain("not switched on for Harbor Music");
});

test("the simulator uses the settings of the brand unless an answer replaces them", async () => {
	const open = await openHelpdesk();
	const { portal, operator } = open;
	await setUpX(open);
	await operator.open(`${portal}${INTEGRATIONS}/x-login?brand=acorn`);
	await operator.submit(`${INTEGRATIONS}/x-login?brand=acorn`, {
		apiKey: "api-key",
		mode: "link-only",
	});

	const acorn = await operator.open(`${portal}${SIMULATOR}?brand=acorn`);
	expect(screensOf(acorn)[0]?.textContent).toContain("No account is linked to this X account");
	const tried = await operator.open(`${portal}${SIMULATOR}?brand=acorn&case-mode=login-and-signup`);
	expect(screensOf(tried)[0]?.textContent).toContain("An account is created");
	const harbor = await operator.open(`${portal}${SIMULATOR}?brand=harbor`);
	expect(screensOf(harbor)[0]?.textContent).toContain("An account is created");
});

test("a simulated page has no button to press, no link to follow and no CSRF field", async () => {
	const { portal, operator } = await openHelpdesk();

	const seen = await operator.open(`${portal}${SIMULATOR}?case-email=missing`);

	const screens = documentOf(seen).querySelectorAll("ol.screens fieldset");
	expect(screens).toHaveLength(2);
	for (const screen of screens) {
		expect(screen.hasAttribute("disabled")).toBe(true);
		expect(screen.querySelectorAll("button").length).toBeGreaterThan(0);
		for (const form of screen.querySelectorAll("form")) {
			expect(form.getAttribute("action")).toBe("#");
		}
		for (const link of screen.querySelectorAll("a")) {
			expect(link.getAttribute("href")).toBe("#");
		}
		expect(screen.querySelectorAll("[name=_csrf]")).toHaveLength(0);
	}
});

test.each([
	["an unknown brand", "?brand=%3Cscript%3E", 404],
	["hostile answers", "?language=__proto__&case-email=%3Cscript%3E&case-__proto__=1", 200],
	["one answer twice", "?case-email=missing&case-email=of-staff", 200],
	["a huge answer", `?case-email=${"x".repeat(10_000)}`, 200],
	["a thousand answers", `?${"case-a=1&".repeat(1_000)}`, 200],
])("%s is answered with a page", async (_, query, status) => {
	const { portal, operator, log } = await openHelpdesk();

	const seen = await operator.open(`${portal}${SIMULATOR}${query}`);

	expect(seen.status).toBe(status);
	expect(seen.html).not.toContain("<script>");
	expect(log).toEqual([]);
});

test("the simulator is for operators, and for GET", async () => {
	const { portal, operator } = await openHelpdesk();
	const stranger = await fetch(`${portal}${SIMULATOR}`, { redirect: "manual" });
	expect(stranger.status).toBe(303);
	expect(stranger.headers.get("location")).toMatch(/^\/admin\/login\?returnTo=/);

	await operator.open(`${portal}/admin`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html) ?? [];
	expect((await operator.post(`${portal}${SIMULATOR}`, [["_csrf", proof]])).status).toBe(405);
});

test("a plugin without the hook has no simulator, and a failing hook is reported", async () => {
	const plugin = await loadPlugin(packArchive(tinyPlugin()));
	const { portal, operator } = await openHelpdesk({ plugin });
	await operator.open(`${portal}${INTEGRATIONS}`);
	expect(operator.seen.html).not.toContain("Simulator");
	expect((await operator.open(`${portal}${INTEGRATIONS}/tiny/simulator`)).status).toBe(404);

	const manifest = JSON.parse(Buffer.from(tinyPlugin().get("plugin.json") ?? "").toString());
	const failing = await loadPlugin(
		packArchive(
			tinyPlugin({
				"plugin.json": JSON.stringify({
					...manifest,
					hooks: [{ hook: "simulate", method: "simulate" }],
				}),
				"main.mjs":
					"export function createPlugin() { return { simulate: async () => { throw new Error('no'); } }; }",
			}),
		),
	);
	const other = await openHelpdesk({ plugin: failing });
	const seen = await other.operator.open(`${other.portal}${INTEGRATIONS}/tiny/simulator`);
	expect(seen.status).toBe(500);
	expect(seen.html).toContain("The reason is in the helpdesk");
	expect(other.log.join()).toContain("the hook simulate of tiny failed");
});
