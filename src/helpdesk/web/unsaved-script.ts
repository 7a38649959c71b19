/**
 * Says beside the buttons of a form that it has changes which are not saved, and lets the browser ask before the page is left:
 * by a link, or by another form of the page, which does not send them. The form of a refused save has some from the start.
 * Without script nothing is said, and nothing is lost that would be kept with it.
 */
export const UNSAVED_SCRIPT = `
const watched = [...document.querySelectorAll("form[data-unsaved]")];
if (watched.length > 0) {
	let sent = null;
	const isChanged = (field) => {
		if (field.type === "checkbox" || field.type === "radio") {
			return field.checked !== field.defaultChecked;
		}
		return field.options === undefined
			? field.value !== field.defaultValue
			: field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
	};
	const isUnsaved = (form) => form.dataset.unsaved === "yes" || [...form.querySelectorAll("input, select, textarea")].some(isChanged);
	const showNotes = () => {
		for (const form of watched) {
			const note = form.querySelector("[data-note]");
			if (note !== null) {
				note.hidden = !isUnsaved(form);
			}
		}
	};
	addEventListener("input", showNotes);
	addEventListener("submit", (event) => { sent = event.target; });
	// A browser that comes back to the page may have put back what was typed.
	addEventListener("pageshow", () => {
		sent = null;
		showNotes();
	});
	addEventListener("beforeunload", (event) => {
		if (watched.some((form) => form !== sent && isUnsaved(form))) {
			event.preventDefault();
		}
		// The operator may stay.
		sent = null;
	});
}
`;
