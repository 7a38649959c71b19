import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Browser } from "playwright-core";
import { LANGUAGES } from "../../../src/helpdesk/locale/locale.ts";
import { attribute, elementsNamed } from "../../../src/testing/html-page.ts";
import type { Camera, Cookies } from "../../kit/walk/camera.ts";

/** A page as the helpdesk answered with it, in each language. */
export interface Recorded {
	readonly name: string;
	/** Where it was asked for. */
	readonly address: string;
	/** By language. An answer that no address shows once more may have English only. */
	readonly html: ReadonlyMap<string, string>;
	/** Whether something else answered in the place of the page: where a redirect led, or an error. */
	readonly isOther: boolean;
}

export interface Recorder extends Camera {
	readonly pages: ReadonlyMap<string, Recorded>;
}

/** Costs a fifth of what `fetch` does. */
const AGENT = new Agent({ keepAlive: true });
const TAGS = [...LANGUAGES.keys()];

/** Keeps the markup of pages, which costs a hundredth of opening each of them in each language in a browser. */
export function openRecorder(browser: Browser): Recorder {
	const pages = new Map<string, Recorded & { readonly html: Map<string, string> }>();
	const keep = (about: Omit<Recorded, "html">, language: string, html: string): void => {
		const page = pages.get(about.name) ?? { ...about, html: new Map() };
		pages.set(about.name, page);
		page.html.set(language, html);
	};
	return {
		pages,
		languages: TAGS,
		newPerson: async () => (await browser.newContext({ locale: "en" })).newPage(),
		take: async (name, address, cookies) => {
			const all = await Promise.all(TAGS.map((language) => pageAt(address, cookies, language)));
			const { pathname } = new URL(address);
			const isOther = all.some(
				({ url, status }) => status >= 400 || new URL(url).pathname !== pathname,
			);
			for (const [index, { html }] of all.entries()) {
				keep({ name, address, isOther }, TAGS[index] ?? "", html);
			}
			const english = all[TAGS.indexOf("en")];
			return english === undefined ? [] : linksIn(english);
		},
		takeAnswer: async (name, { url, html, language }) =>
			keep({ name, address: url, isOther: false }, language, html),
	};
}

interface Page {
	readonly url: string;
	readonly html: string;
	readonly status: number;
}

const MOST_REDIRECTS = 10;

/** Opens a page as a browser does that asks for a language. Redirects are followed. */
async function pageAt(address: string, cookies: Cookies, language: string): Promise<Page> {
	const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
	let url = address;
	for (let redirects = 0; redirects < MOST_REDIRECTS; redirects += 1) {
		const asked = get(url, { agent: AGENT, headers: { cookie, "accept-language": language } });
		const [answer] = (await once(asked, "response")) as [IncomingMessage];
		const html = await text(answer);
		const { location } = answer.headers;
		if (location === undefined) {
			return { url, html, status: answer.statusCode ?? 0 };
		}
		url = new URL(location, url).href;
	}
	throw new Error(`${address} leads nowhere`);
}

function linksIn({ url, html }: Page): readonly string[] {
	return elementsNamed(html, "a").flatMap((link) => {
		const href = attribute(link, "href");
		return href === undefined ? [] : [new URL(href, url).href];
	});
}
