// The settings of a plugin as it lays them out, and what the page says after they were sent.
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { expect, test } from "vitest";
import { loadPlugin } from "../../../../../src/artifact/load/load-plugin.ts";
import { tinyZip } from "../../../../kit/artifact/plugin-versions.ts";
import {
	API_KEY_SECRET,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../../kit/helpdesk/open-helpdesk.ts";
import { X } from "../../../../kit/helpdesk/people-with-x.ts";

const ACORN = `${X}?brand=acorn`;
const ALL = `${X}?brand=*`;
type Element = DefaultTreeAdapterTypes.Element;

function elementsIn(html: string): Element[] {
	const all = (parent: DefaultTreeAdapterTypes.ParentNode): Element[] =>
		parent.childNodes
			.filter((node): node is Element => "tagName" in node)
			.flatMap((node) => [node, ...all(node)]);
	return all(parse(html));
}

const attribute = (element: Element | undefined, name: string): string | undefined =>
	element?.attrs.find((each) => each.name === name)?.value;

/** The sections of a page, each with the names of its fields. A folded one is named with its state. */
function sectionsOf(html: string): readonly string[] {
	return html
		.split(/(?=<section class="card">|<details class="card")/)
		.slice(1)
		.map((part) => {
			const [, title = ""] = /<h2>([^<]*)/.exec(part) ?? [];
			const state = part.startsWith("<details")
				? /^<details[^>]* open/.test(part)
					? " (open)"
					: " (folded)"
				: "";
			const names = [...(part.split("</form>")[0]?.matchAll(/ name="(\w+)"/g) ?? [])].map(
				([, name]) => name,
			);
			return `${title}${state}: ${names.filter((name) => name !== "action").join(" ")}`;
		});
}

async function openSettings(open: OpenHelpdesk, path = ACORN): Promise<string> {
	return (await open.operator.open(`${open.portal}${path}`)).html;
}

const KEYS = "Keys and callback URLs: protocol apiKey apiKeySecret clientId clientSecret";
const WHO = "Who may come in: mode allowedDomains blockedDomains";

test("settings of X stand in sections: keys and callback URLs beside the guide, who may come in, and the rest folded", async () => {
	const open = await openHelpdesk();
	await setUpX(open);

	const html = await openSettings(open);
	expect(sectionsOf(html)).toEqual([KEYS, WHO, "More settings (folded): linking"]);
	const [beside = ""] = html.split('<section class="card"><h2>Who may come in');
	expect(beside).toContain('class="beside"');
	expect(beside).toContain('<label for="callback-url">Callback URL</label>');
	expect(beside).toContain("<h2>How to get the keys</h2>");
	// A form inside a form would end the outer one.
	expect(beside.match(/<form[^>]*x-login/g)).toHaveLength(1);

	expect(sectionsOf(await openSettings(open, ALL))).toEqual([
		KEYS,
		WHO,
		"More settings (folded): linking",
	]);
	await open.operator.submit(ALL, { linking: "trust-confirmed" });
	expect(sectionsOf(await openSettings(open)).at(-1)).toBe("More settings (open): linking");
});

test("the folded section is open where one of its fields was refused", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await openSettings(open);

	const { html, status } = await open.operator.submit(ACORN, {
		apiKey: "api-key",
		linking: "nobody",
	});

	expect(status).toBe(400);
	expect(sectionsOf(html).at(-1)).toBe("More settings (open): linking");
	expect(html).toContain(
		'<li><a href="#linking">If X&#39;s e-mail address belongs to an account here</a>',
	);
});

test("the guide has a step for each thing to do, drawings with their words, and opens while the keys are missing", async () => {
	const open = await openHelpdesk();
	await open.operator.open(`${open.portal}/admin/settings/general/integrations`);
	await open.operator.submit(`${X}/activate`);

	const first = await openSettings(open);
	const steps = /<ol class="steps">.*<\/ol>/s.exec(first)?.[0] ?? "";
	expect(steps.match(/<li><details/g)).toHaveLength(8);
	expect(steps.match(/<details open>/g)).toHaveLength(1);
	expect(steps.match(/<svg/g)).toHaveLength(10);
	expect(steps.match(/<p class="unseen">[^<]{30,}<\/p>/g)).toHaveLength(10);
	expect(steps).toContain('<summary class="help">Older screen: Enable 3-legged OAuth</summary>');
	expect(steps).toContain(`<code>${open.portal}/login/x-login/callback</code>`);

	await open.operator.submit(ACORN, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	expect(await openSettings(open)).not.toContain("<details open>");
});

test("no drawing has a name, id or class that the page or automation could take for a field", async () => {
	const open = await openHelpdesk();
	await setUpX(open);

	const elements = elementsIn(await openSettings(open));
	const drawings = elements
		.filter(({ tagName }) => tagName === "svg")
		.filter(
			(each) =>
				attribute(each, "viewBox") === undefined ||
				attribute(each, "viewBox")?.startsWith("0 0 400"),
		);
	expect(drawings.length).toBeGreaterThanOrEqual(10);
	for (const drawing of drawings) {
		expect(attribute(drawing.parentNode as Element, "aria-hidden")).toBe("true");
	}
	const labelled = elements.filter((each) =>
		/callback url|api key/i.test(attribute(each, "aria-label") ?? ""),
	);
	expect(labelled).toEqual([]);
});

test("the callback URLs of the other brands are in one list, each to be copied, and all of them on the page for all brands", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const [acorn, harbor] = open.helpdesk.brands.map(({ callbackUrl }) => callbackUrl);
	const copied = (html: string) => [...html.matchAll(/data-copy="([^"]*)"/g)].map(([, url]) => url);

	const own = await openSettings(open);
	expect(copied(own)).toEqual([acorn, harbor]);
	expect(own).toContain("enter this callback URL there as well.");
	expect(own).not.toContain("takes at most 10 callback URLs");
	expect(copied(await openSettings(open, ALL))).toEqual([acorn, harbor]);
});

test("Save and test says in one banner that X is connected", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await openSettings(open);

	const { html, url } = await open.operator.submit(ACORN, { apiKey: "api-key", action: "test" });

	expect(url).toBe(`${open.portal}${ACORN}&done=tested#result`);
	expect(html).toContain(
		'<div class="notice" role="status" id="result" tabindex="-1"><p><strong>The settings are saved, and X is connected to Acorn Outdoor.</strong>',
	);
	expect(html.match(/class="notice/g)).toHaveLength(1);
	// The address of the page says nothing about a test that was forgotten since.
	await open.operator.submit(ACORN, { apiKey: "other" });
	expect((await open.operator.open(url)).html).not.toContain("is connected");
});

test.each([
	["415", "callback-url", "Callback URL"],
	["32", "apiKey", "API key"],
] as const)(
	"Save and test says what failed (%s), how to fix it, and leads to the field %s",
	async (fault, field, label) => {
		const open = await openHelpdesk();
		await setUpX(open);
		open.fakeX.answerNext({ call: "request_token", fault, times: "always" });
		await openSettings(open);

		const { html } = await open.operator.submit(ACORN, { apiKey: "api-key", action: "test" });

		const banner = /<div class="notice bad".*?<\/div>/s.exec(html)?.[0] ?? "";
		expect(banner).toContain('role="alert" id="result" tabindex="-1"');
		expect(banner).toContain("The settings are saved, but X is not connected to Acorn Outdoor.");
		expect(banner).toContain(`<a href="#${field}">Go to “${label}”</a>`);
		expect(html).toContain(` id="${field}"`);
	},
);

test("a refused save leads to each field from one alert, and ties each sentence to its field", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await openSettings(open);

	const { html } = await open.operator.submit(ACORN, { apiKey: "two words", mode: "everybody" });

	expect(html.match(/role="alert"/g)).toHaveLength(1);
	expect(html).toMatch(
		/role="alert" tabindex="-1" autofocus><p>Not saved. Fix the fields marked below.<\/p><ul><li><a href="#apiKey">API key<\/a><\/li><li><a href="#mode">Who can log in with X<\/a>/,
	);
	for (const id of ["apiKey", "mode"]) {
		const field = elementsIn(html).find((each) => attribute(each, "id") === id);
		expect(attribute(field, "aria-invalid")).toBe("true");
		expect(attribute(field, "aria-describedby")).toBe(`${id}-help ${id}-problem`);
		expect(html).toContain(`<p class="problem" id="${id}-problem">`);
	}
});

test("a plugin without a layout has its settings in one card, in the order of the schema, and its steps below", async () => {
	const open = await openHelpdesk({ plugin: await loadPlugin(tinyZip({})) });
	const tiny = "/admin/settings/general/integrations/tiny";
	await open.operator.open(`${open.portal}/admin/settings/general/integrations`);
	await open.operator.submit(`${tiny}/activate`);

	const { html } = await open.operator.open(`${open.portal}${tiny}?brand=acorn`);

	expect(html).toMatch(
		/<div class="card"><form.*name="word".*<\/form><\/div>.*<h2>How to set it up<\/h2>/s,
	);
	expect(sectionsOf(html)).toEqual([]);
	expect(html).not.toContain('class="beside"');
});
