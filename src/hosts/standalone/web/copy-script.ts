/** Makes the Copy buttons work; without script the field beside them can be copied by hand. */
export const COPY_SCRIPT = `
for (const button of document.querySelectorAll("button[data-copy]")) {
	button.hidden = false;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		const label = button.textContent;
		button.textContent = "Copied";
		setTimeout(() => { button.textContent = label; }, 2000);
	});
}
`;
