/**
 * Makes the Copy buttons work, and hides settings that have no effect with the chosen value of another setting, or with the
 * one it inherits. A hidden field is sent as it is, and one with a problem stays. Without script the fields can be copied by
 * hand, and their help says when they have an effect. Where the layout says so, the form that takes a visitor on to a
 * helpdesk is sent at once. Without script the visitor presses its button. The first `main` is the layout's, and the markup
 * of a plugin lies in it and cannot change it. It also has the word that a Copy button shows afterwards, in the language of the
 * page.
 */
export const COPY_SCRIPT = `
const main = document.querySelector("main");
for (const button of document.querySelectorAll("button[data-copy]")) {
	button.hidden = false;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		const label = button.textContent;
		button.textContent = main.dataset.copied;
		setTimeout(() => { button.textContent = label; }, 2000);
	});
}
const conditional = document.querySelectorAll("[data-when]");
const showUseful = () => {
	for (const field of conditional) {
		const choice = document.getElementById(field.dataset.when);
		const value = choice?.value || choice?.selectedOptions[0]?.dataset.inherited || "";
		const isUseful = value === "" || field.dataset.values.split(" ").includes(value);
		field.hidden = !isUseful && field.querySelector("[aria-invalid]") === null;
	}
};
if (conditional.length > 0) {
	document.addEventListener("change", showUseful);
	showUseful();
}
if (main?.hasAttribute("data-submit")) {
	main.querySelector("form")?.requestSubmit();
}
`;
