// The texts of a plugin come in the language of the operator who reads them.
import { Window } from "happy-dom";
import { expect, test } from "vitest";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../../src/helpdesk/people/operators.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { laterX } from "../../../kit/artifact/plugin-versions.ts";
import { CHEAP_HASHER } from "../../../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { install } from "../../../kit/helpdesk/install-add-on.ts";
import {
	logInOperator,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, X } from "../../../kit/helpdesk/people-with-x.ts";

/** Lets the operator's browser ask for a language. */
function speaks({ operator }: OpenHelpdesk, acceptLanguage: string): void {
	const request = operator.request.bind(operator);
	operator.request = (url, init = {}) =>
		request(url, {
			...init,
			headers: { "accept-language": acceptLanguage, ...Object(init.headers) },
		});
}

async function refusedByX(open: OpenHelpdesk, fault: "32" | "415" = "32"): Promise<void> {
	open.fakeX.answerNext({ call: "request_token", fault });
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	await visitor.submit("/login/x-login/start");
}

test("an operator with a German browser reads the settings, the guide, the test and a refusal in German", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	speaks(open, "de-AT, en;q=0.5");
	const { operator, portal } = open;
	const page = `${portal}${X}?brand=acorn`;

	const settings = (await operator.open(page)).html;
	expect(settings).toContain("Wer sich mit X anmelden kann");
	expect(settings).toContain("Bei X eine App anlegen");
	await operator.submit(`${X}/test?brand=acorn`);
	expect(operator.seen.html).toContain("X kennt die Schlüssel für OAuth 1.0a");

	await operator.open(page);
	await operator.submit(`${X}?brand=acorn`, { apiKey: `${"1".repeat(19)}-${"aB3".repeat(10)}` });
	expect(operator.seen.status).toBe(400);
	expect(operator.seen.html).toContain("Das ist ein Access Token.");
	expect((await operator.open(`${portal}${INTEGRATIONS}`)).html).toContain(
		"Drückt ein Besucher auf die X-Schaltfläche",
	);
	expect((await operator.open(`${portal}${X}/simulator?brand=acorn`)).html).toContain(
		"Wer auf die Schaltfläche drückt",
	);
});

test("a log-in notes the language of the operator, for letters to them", async () => {
	const open = await openHelpdesk();
	const { operator, storage } = open;
	const place = namespaced(storage, NAMESPACES.operators);
	const operators = new Operators(place, cryptoRandom, CHEAP_HASHER);
	expect(await operators.localeOf(FIRST_OPERATOR)).toBe("en");
	speaks(open, "de-AT, en;q=0.5");

	await operator.submit("/admin/logout");
	await logInOperator(open);

	expect(await operators.localeOf(FIRST_OPERATOR)).toBe("de-AT");
});

test("an attempt that failed is explained in German, in the list, alone and in the file", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await refusedByX(open);
	speaks(open, "de");
	const { operator, helpdesk } = open;

	const list = (await operator.open(`${helpdesk.adminUrl}/sign-ins`)).html;
	expect(list).toContain("API-Schlüssel oder Geheimnis falsch");
	const [, attempt = ""] = /href="(\/admin\/sign-ins\/attempt[^"]*)"/.exec(list) ?? [];
	expect((await operator.open(`${open.portal}${attempt.replaceAll("&amp;", "&")}`)).html).toContain(
		"X kennt den API-Schlüssel nicht",
	);
	const file = await operator.request(`${helpdesk.adminUrl}/sign-ins/export`);
	expect(await file.text()).toContain("API-Schlüssel oder Geheimnis falsch");
});

test("a link to the failures with one reason shows an operator with a German browser the same attempts", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await refusedByX(open);
	await refusedByX(open, "415");
	await refusedByX(open);
	const { operator, portal, helpdesk } = open;
	const shownAt = async (address: string) => {
		const { html } = await operator.open(address);
		const document = new new Window().DOMParser().parseFromString(html, "text/html");
		const file = address.replace("/sign-ins?", "/sign-ins/export?");
		return {
			document,
			codes: [...document.querySelectorAll("td code")].map(({ textContent }) => textContent),
			lines: (await (await operator.request(file)).text()).trim().split("\n").length - 1,
			chosen: document.querySelector("#ended option[selected]")?.textContent,
		};
	};
	const all = await shownAt(`${helpdesk.adminUrl}/sign-ins?period=day`);
	const link = [...all.document.querySelectorAll("figure a")].find(
		({ textContent }) => textContent === "Wrong API key or secret",
	);
	const shared = `${portal}${link?.getAttribute("href")}`;

	const english = await shownAt(shared);
	speaks(open, "de");
	const german = await shownAt(shared);

	expect([all.codes.length, english.codes.length, english.lines]).toEqual([3, 2, 2]);
	expect([german.codes, german.lines]).toEqual([english.codes, english.lines]);
	expect(english.chosen).toBe("Wrong API key or secret");
	expect(german.chosen).toBe("API-Schlüssel oder Geheimnis falsch");
});

test("a language that the plugin lacks gives its default locale", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	speaks(open, "tlh");

	const { html } = await open.operator.open(`${open.portal}${X}?brand=acorn`);
	expect(html).toContain("Who can log in with X");
});

test("an upgrade that does not fit the stored settings names them in German, and the log in English", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	speaks(open, "de");
	const needsMore = await laterX("9.2.0", {}, (schema) => {
		const { default: _, ...allowedDomains } = schema.properties["allowedDomains"] ?? {
			type: "string",
		};
		const required = [...(schema.required ?? []), "allowedDomains"];
		return { ...schema, properties: { ...schema.properties, allowedDomains }, required };
	});

	const { status, html } = await install(open.operator, open.portal, needsMore);

	expect(status).toBe(409);
	expect(html).toContain("„Adressen, die sich registrieren können“");
	expect(open.log.join()).toContain("“Addresses that can sign up” is required in this version");
});
