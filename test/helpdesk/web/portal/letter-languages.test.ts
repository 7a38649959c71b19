// In which language a letter goes: that of the page where its reader asked for it, and else that of the account.
import { beforeEach, expect, test } from "vitest";
import type { MailMessage } from "../../../../src/contract/mail.ts";
import { writePortalLetter } from "../../../../src/helpdesk/people/portal-letter.ts";
import type { Account } from "../../../../src/helpdesk/people/stored-account.ts";
import { eventually } from "../../../kit/eventually.ts";
import type { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { type OpenSites, openSites } from "../../../kit/helpdesk/open-sites.ts";

const PASSWORD = "a long password of hers";
const EMAIL = "ada@example.com";

const LOG_IN: Readonly<Record<string, string>> = {
	de: "Anmelden",
	en: "Log in",
	fr: "Se connecter",
	nb: "Logg inn",
	"pt-BR": "Entrar",
};

let letters: MailMessage[];
let sites: OpenSites;
let ada: Account;

beforeEach(async () => {
	letters = [];
	const deliver = async (letter: MailMessage): Promise<void> => {
		letters.push(letter);
	};
	const baseUrls = new Map([["acorn", "http://acorn.localhost:8080"]]);
	sites = openSites(await helpdeskOptions({ deliver, baseUrls }));
	const { accounts, registrations } = sites.core;
	const about = { brandId: "acorn", name: "Ada", email: EMAIL, locale: "de" };
	ada =
		(await accounts.register(about, await registrations.hash(PASSWORD))) ??
		expect.fail("no account");
});

/** A visitor who has chosen a language at the foot of a page. */
async function visitorWhoReads(language: string): Promise<HttpVisitor> {
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}/`);
	await visitor.submit("/language", { language });
	return visitor;
}

async function nextSubject(): Promise<string> {
	await eventually(() => expect(letters).toHaveLength(1));
	return letters[0]?.subject ?? "";
}

test("who forgot the password reads the letter in the language of the page, not in that of the account", async () => {
	const visitor = await visitorWhoReads("nb");
	await visitor.open(`${sites.url}/forgot`);

	await visitor.submit("/forgot", { email: EMAIL });

	expect(await nextSubject()).toBe("Passordet ditt på Acorn Outdoor");
});

test("who asks for a link on the account page reads the letter in the language of that page", async () => {
	const visitor = await visitorWhoReads("cs");
	await visitor.open(`${sites.url}/login?returnTo=/account`);
	await visitor.submit("/login", { email: EMAIL, password: PASSWORD });

	await visitor.submit("/account/password-link");

	expect(await nextSubject()).toBe("Vaše heslo na portálu Acorn Outdoor");
});

test("who registers reads the letter in the language of the page", async () => {
	const visitor = await visitorWhoReads("fr");
	await visitor.open(`${sites.url}/register`);

	await visitor.submit("/register", { name: "Bea", email: "bea@example.com", password: PASSWORD });

	expect(await nextSubject()).toBe("Terminez votre inscription sur Acorn Outdoor");
});

test("who proves an address reads the code in the language of the page", async () => {
	await sites.core.accounts.records.change(ada.id, (account) => ({ ...account, confirmed: false }));
	const visitor = await visitorWhoReads("sv");
	await visitor.open(`${sites.url}/login?returnTo=/account/email`);
	await visitor.submit("/login", { email: EMAIL, password: PASSWORD });

	await visitor.submit("/account/email", { email: EMAIL });

	expect(await nextSubject()).toBe("Din kod för Acorn Outdoor");
});

test("the owner of an account reads what a stranger caused in the language of the account", async () => {
	const visitor = await visitorWhoReads("fr");
	await visitor.open(`${sites.url}/register`);

	await visitor.submit("/register", { name: "Eve", email: EMAIL, password: PASSWORD });

	expect(await nextSubject()).toBe("Sie haben schon ein Konto bei Acorn Outdoor");
});

test.each([
	["that of the region", "pt-BR", "fr", "pt-BR"],
	["an underscore for a dash", "pt_BR", "fr", "pt-BR"],
	["that of the language", "de-AT", "fr", "de"],
	["another name of the language", "no-NO", "fr", "nb"],
	["the brand's, where none serves", "tlh", "fr", "fr"],
	["the brand's, where there is none", "", "fr-CA", "fr"],
	["English, where the brand has none either", "tlh", "fi", "en"],
])("a letter goes in a language of the helpdesk: %s", async (_, locale, ofBrand, language) => {
	const { brands } = sites.core;
	const known = {
		all: () => brands.all(),
		find: (brandId: string) => {
			const brand = brands.find(brandId);
			return brand && { ...brand, locale: ofBrand };
		},
		lookOf: (brandId: string) => brands.lookOf(brandId),
	};
	const mail = { send: async (letter: MailMessage) => void letters.push(letter) };

	await writePortalLetter(
		{ brands: known, mail },
		{ brandId: "acorn", email: EMAIL, locale },
		{ subject: "nav.login", paragraphs: () => ["text"] },
	);

	expect(letters.map(({ subject }) => subject)).toEqual([LOG_IN[language]]);
});
