/**
 * Says beside the buttons of a form that it has changes which are not saved, and lets the browser ask before the page is left.
 * The form of a refused save has some from the start. Without script nothing is said, and nothing is lost that would be kept
 * with it.
 */
export const UNSAVED_SCRIPT = `
const watched = document.querySelector("form[data-unsaved]");
if (watched !== null) {
	const note = watched.querySelector("[data-note]");
	let isSent = false;
	const isChanged = (field) => {
		if (field.type === "checkbox" || field.type === "radio") {
			return field.checked !== field.defaultChecked;
		}
		return field.options === undefined
			? field.value !== field.defaultValue
			: field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
	};
	const isUnsaved = () => watched.dataset.unsaved === "yes" || [...watched.querySelectorAll("input, select, textarea")].some(isChanged);
	const showNote = () => {
		note.hidden = !isUnsaved();
	};
	watched.addEventListener("input", showNote);
	watched.addEventListener("submit", () => { isSent = true; });
	// A browser that comes back to the page may have put back what was typed.
	addEventListener("pageshow", () => {
		isSent = false;
		showNote();
	});
	addEventListener("beforeunload", (event) => {
		if (!isSent && isUnsaved()) {
			event.preventDefault();
		}
	});
}
`;
