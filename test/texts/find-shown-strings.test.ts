import { expect, test } from "vitest";
import { shownStrings } from "./find-shown-strings.ts";

test.each([
	["text of markup", "html`<p>Saved.</p>`", ["Saved."]],
	["text beside an expression", `html\`<p>Hello \${name}, welcome</p>\``, ["Hello …, welcome"]],
	["an attribute that is read", 'html`<nav aria-label="Pages"></nav>`', ["Pages"]],
	[
		"a placeholder and a title",
		'html`<input placeholder="Name" title="Yours">`',
		["Name", "Yours"],
	],
	["markup in an expression", `html\`\${a ? html\`<b>Yes</b>\` : ''}\``, ["Yes"]],
	["a literal of several words", 'const a = "Save the settings";', ["Save the settings"]],
	["text of markup in a plain template", "raw(`<p class='a b'>Saved</p>`)", ["Saved"]],
	["a template of several words", `const a = \`Save \${what} for good\`;`, ["Save … for good"]],
	["markup with a script beside it", "html`<p>Saved.</p><script src='/a'></script>`", ["Saved."]],
])("%s is found", async (_, source, texts) => {
	expect(await shownStrings(source)).toEqual(texts);
});

test.each([
	["a text by its key", `html\`<p>\${text("users.saved")}</p>\``],
	["code", "html`<code>npm start</code><script>let value = 1</script>`"],
	["attributes that nobody reads", `html\`<a class="button big" href="/a">\${b}</a>\``],
	["attributes alone", 'html` aria-current="page"`'],
	["an error for developers", 'throw new TypeError("the key is too long");'],
	["what goes to the log", 'log("a value cannot be read");'],
	["an import", 'import a from "some where";'],
	["one word", 'const kind = "signed-in";'],
])("%s is no text in code", async (_, source) => {
	expect(await shownStrings(source)).toEqual([]);
});
