import { expect, onTestFinished, test } from "vitest";
import { formsIn, hiddenFields, linkWithId, submissionOf } from "../../src/testing/forms-in.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";

interface FormCase {
	readonly html: string;
	/** The fields that the first form sends when its first button is pressed. */
	readonly fields: readonly (readonly [name: string, value: string])[];
}

const CASES: Readonly<Record<string, FormCase>> = {
	"reads attributes in every kind of quotes": {
		html: `<form><input name="a" value="1 '2'"><INPUT NAME='b' VALUE='3 "4"'><input name=c value=5/><input value = 6 name = d></form>`,
		fields: [
			["a", "1 '2'"],
			["b", '3 "4"'],
			["c", "5/"],
			["d", "6"],
		],
	},
	"decodes character references once": {
		html: `<form><input name="a&amp;b" value="&lt;&quot;&#39;&#x1F388;&eacute;&amp;lt;&nbsp;&copy 1"></form>`,
		fields: [["a&b", `<"'\u{1f388}é&lt;\u00a0© 1`]],
	},
	"keeps the first of two attributes with one name": {
		html: `<form><input name=a value=1 value=2></form>`,
		fields: [["a", "1"]],
	},
	"ignores comments and text that look like fields": {
		html: `<form><!-- <input name=a> --><textarea name=b>
<input name=c></form></textarea></form>`,
		fields: [["b", "<input name=c></form>"]],
	},
	"sends fields in the order of the page, and repeated names repeatedly": {
		html: `<form><input name=b value=1><input name=a value=2><input type=hidden name=b value=3></form>`,
		fields: [
			["b", "1"],
			["a", "2"],
			["b", "3"],
		],
	},
	"ends at the end tag of a form inside of it": {
		html: `<form><input name=a><form><input name=b></form><input name=c></form>`,
		fields: [
			["a", ""],
			["b", ""],
		],
	},
	"owns fields between the rows of a table": {
		html: `<table><form><tr><td><input name=a></td></tr><tr><td><input name=b></td></tr></form></table><input name=c>`,
		fields: [
			["a", ""],
			["b", ""],
		],
	},
	"owns fields after an element that ends around it": {
		html: `<div><form><input name=a></div><input name=b></form><input name=c>`,
		fields: [
			["a", ""],
			["b", ""],
		],
	},
	"owns fields anywhere that name it": {
		html: `<input name=a form=f><form id=f><input name=b><input name=c form=other><input name=d form></form><select name=e form=f><option>1</select>`,
		fields: [
			["a", ""],
			["b", ""],
			["e", "1"],
		],
	},
	"owns no fields of a template": {
		html: `<form><template><input name=a></template><input name=b></form>`,
		fields: [["b", ""]],
	},
	"sends no fields without a name": {
		html: `<form><input value=1><input name value=2><input name="" value=3><select><option>4</select></form>`,
		fields: [],
	},
	"sends no disabled fields": {
		html: `<form><input name=a disabled><fieldset disabled><legend><input name=b></legend><input name=c><legend><input name=d></legend><fieldset><legend><input name=e></legend></fieldset></fieldset><fieldset><input name=f></fieldset></form>`,
		fields: [
			["b", ""],
			["f", ""],
		],
	},
	"sends ticked boxes only": {
		html: `<form><input type=checkbox name=a><input type=CHECKBOX name=b checked><input type=checkbox name=b value=2 checked></form>`,
		fields: [
			["b", "on"],
			["b", "2"],
		],
	},
	"sends the last selected radio button of each group": {
		html: `<form><input type=radio name=a value=1 checked><input type=radio name=a value=2 checked><input type=radio name=a value=3><input type=radio name=b value=4></form>`,
		fields: [["a", "2"]],
	},
	"sends the first enabled option unless one is selected": {
		html: `<form><select name=a><option disabled>1<optgroup disabled><option>2</optgroup><option>  3
 4 </select><select name=b><option>1<option selected value=2>two<option selected value=3></select><select name=c><option>1<option selected disabled>2</select><select name=d></select></form>`,
		fields: [
			["a", "3 4"],
			["b", "3"],
		],
	},
	"sends every selected option of a list": {
		html: `<form><select name=a multiple><option selected>1<option>2<option selected>3<option selected disabled>4</select><select name=b size=2><option>1</select></form>`,
		fields: [
			["a", "1"],
			["a", "3"],
		],
	},
	"sends text with the line ends of a browser": {
		html: `<form><textarea name=a>\n\n1\n2&#13;3</textarea><input type=hidden name=b value="1\n2"><input name=c value="1\n2"></form>`,
		fields: [
			["a", "\r\n1\r\n2\r\n3"],
			["b", "1\r\n2"],
			["c", "12"],
		],
	},
	"sends its first button that sends forms": {
		html: `<form><button type=button name=a value=1></button><input type=reset name=b value=2><button disabled name=c value=3></button><button name=d value=4>five</button><input type=submit name=e value=6></form>`,
		fields: [["d", "4"]],
	},
	"sends no button if its first one has no name": {
		html: `<form><input name=a value=1><button>Go</button><button name=b value=2>Stop</button></form>`,
		fields: [["a", "1"]],
	},
	"sends the place where an image was pressed": {
		html: `<form><input type=image name=a value=1><input type=submit name=b></form>`,
		fields: [
			["a.x", "0"],
			["a.y", "0"],
		],
	},
};

const PRESS_FIRST_BUTTON = `{
	const [form] = document.forms;
	form.method = "post";
	const buttons = [...document.querySelectorAll("button, input")].filter(
		(each) => each.form === form && ["submit", "image"].includes(each.type) && !each.matches(":disabled"),
	);
	form.requestSubmit(buttons[0]);
}`;

test.each(Object.entries(CASES))("a form %s", (_, { html, fields }) => {
	const [form] = formsIn(html);

	expect(form && submissionOf(form).fields).toEqual(fields);
});

test("Chromium sends the same", async () => {
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const page = await browser.newPage();
	let html = "";
	await page.route("http://page.example/", (route) =>
		route.fulfill({ contentType: "text/html; charset=utf-8", body: `<!DOCTYPE html>${html}` }),
	);
	for (const [name, each] of Object.entries(CASES)) {
		({ html } = each);
		await page.goto("http://page.example/");
		const sent = page.waitForRequest((request) => request.method() === "POST");
		await page.evaluate(PRESS_FIRST_BUTTON);
		const fields = new URLSearchParams((await sent).postData() ?? "");

		expect([...fields], name).toEqual(each.fields);
	}
});

test("a form leads to the address of the button that is pressed", () => {
	const [form] = formsIn(`<form action=" /a?b=1&amp;c=2 ">
<button name=do value=one>One</button><button name=do value=two formaction="/two">Two</button></form>`);

	expect(form && submissionOf(form)).toEqual({ action: "/a?b=1&c=2", fields: [["do", "one"]] });
	expect(form && submissionOf(form, { do: "two" })).toEqual({
		action: "/two",
		fields: [["do", "two"]],
	});
});

test("values that are filled in replace the form's own", () => {
	const [form] = formsIn(`<form><input type=hidden name=token value=t><input name=a value=1>
<input type=checkbox name=terms><input type=radio name=b value=1><input type=radio name=b value=2 checked>
<select name=c><option>1</select><input name=d disabled></form>`);
	const filledIn = { d: "no", c: "3", b: "1", terms: "on", a: "2", unknown: "no" };

	expect(form && submissionOf(form, filledIn).fields).toEqual([
		["token", "t"],
		["a", "2"],
		["terms", "on"],
		["b", "1"],
		["c", "3"],
	]);
});

test("hidden fields are the inputs of type hidden", () => {
	const [form] = formsIn(
		"<form><input type=HIDDEN name=a value=1><input name=b value=2><input type=hidden name=a></form>",
	);

	expect(form && hiddenFields(form)).toEqual([
		["a", "1"],
		["a", ""],
	]);
});

test("each form of a page is read, even one without an address", () => {
	const forms = formsIn("<form action=/a></form><noscript><form></form></noscript><p>no form</p>");

	expect(forms.map(({ action }) => action)).toEqual(["/a", ""]);
	expect(formsIn("")).toEqual([]);
});

test("a link is found by its id", () => {
	const html = `<a href="/other">1</a><a id="back" href=" /x?a=1&amp;b=%20 ">2</a>`;

	expect(linkWithId(html, "back")).toBe("/x?a=1&b=%20");
	expect(linkWithId(html, "forth")).toBeUndefined();
});
