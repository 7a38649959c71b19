// Runs in a page of a browser, after in-page.js. Judges what password managers, screen readers and people without colours need.
(() => {
	const { nameOf } = globalThis.abilities;
	const PASSWORDS = ["current-password", "new-password", "off"];
	/** A code may be pasted with spaces, dashes and the words around it. */
	const LEAST_CODE = 40;

	/**
	 * Fields that a password manager cannot fill in, or that refuse what is pasted or typed (WCAG 1.3.5, 3.3.8): a field for a
	 * number drops the digits of most scripts.
	 */
	function unfillable() {
		const found = [];
		for (const field of document.querySelectorAll("input:not([type=hidden])")) {
			const { type, name, autocomplete, maxLength } = field;
			if (type === "password" && !PASSWORDS.includes(autocomplete)) {
				found.push(`autocomplete of a password: ${nameOf(field)}`);
			}
			if (type === "password" && autocomplete !== "off" && maxLength > 0) {
				found.push(`a password that is cut: ${nameOf(field)}`);
			}
			if (name === "code" && autocomplete !== "one-time-code") {
				found.push(`autocomplete of a code: ${nameOf(field)}`);
			}
			if (name === "code" && (type === "number" || (maxLength > 0 && maxLength < LEAST_CODE))) {
				found.push(`a code that cannot be pasted: ${nameOf(field)}`);
			}
			if (type === "number") {
				found.push(`digits of one script: ${nameOf(field)}`);
			}
			const paste = new Event("paste", { bubbles: true, cancelable: true });
			if (!field.dispatchEvent(paste)) {
				found.push(`paste: ${nameOf(field)}`);
			}
		}
		return found;
	}

	/** Errors that are not tied to their field, or that nothing announces (WCAG 3.3.1, 4.1.3). */
	function unannounced() {
		const found = [];
		const described = new Set();
		for (const element of document.querySelectorAll("[aria-describedby]")) {
			for (const id of element.getAttribute("aria-describedby").split(" ")) {
				described.add(id);
				if (document.getElementById(id) === null) {
					found.push(`described by nothing: ${nameOf(element)}`);
				}
			}
		}
		for (const field of document.querySelectorAll("[aria-invalid=true]")) {
			if (!field.hasAttribute("aria-describedby")) {
				found.push(`invalid without a reason: ${nameOf(field)}`);
			}
		}
		for (const problem of document.querySelectorAll(".problem")) {
			if (problem.closest("[role=alert]") === null && !described.has(problem.id)) {
				found.push(`a problem that is not announced: ${nameOf(problem)}`);
			}
		}
		return found;
	}

	/** Charts whose figures are in no table. */
	function chartsWithoutTable() {
		return [...document.querySelectorAll("figure.chart")]
			.filter((chart) => chart.querySelector("table") === null)
			.map((chart) => `a chart without a table: ${nameOf(chart)}`);
	}

	Object.assign(globalThis.abilities, { unfillable, unannounced, chartsWithoutTable });
})();
