import type { Page } from "playwright-core";

/** Where the focus is, and what is wrong with how it looks there. */
interface Stop {
	readonly name: string;
	readonly problem: string | null;
}

/** So many stops at most lead from one control to another. */
const MOST_STOPS = 120;

/** Runs in the page: the name of what has the focus, and whether a person sees that it has. */
const STOP = `(() => {
	const element = document.activeElement;
	const words = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
	const name = words.trim().replace(/\\s+/g, " ");
	if (element === document.body) {
		return { name: "", problem: null };
	}
	const { outlineStyle, outlineWidth } = getComputedStyle(element);
	const [{ left, top, width, height }] = element.getClientRects();
	const hit = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
	const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
	const isInView = top >= 0 && top < innerHeight && left >= 0 && left + width <= innerWidth + 1;
	const isFree = hit !== null && (element.contains(hit) || hit.contains(element));
	const problem = !isOutlined ? "has no outline" : !isInView ? "is out of sight" : !isFree ? "is covered" : null;
	return { name, problem };
})()`;

/** A person who uses a page by the keyboard alone. */
export class Keyboard {
	constructor(private readonly page: Page) {}

	/**
	 * Presses Tab until a control with this name has the focus. Each stop on the way must be seen.
	 *
	 * @param key Shift+Tab leads back.
	 */
	async to(name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
		const { page } = this;
		await page.waitForLoadState();
		const passed: string[] = [];
		while (passed.length < MOST_STOPS) {
			await page.keyboard.press(key);
			const stop = await page.evaluate<Stop>(STOP);
			if (stop.problem !== null) {
				throw new Error(`on ${page.url()} the focus on “${stop.name}” ${stop.problem}`);
			}
			if (stop.name === name) {
				return;
			}
			passed.push(stop.name);
		}
		throw new Error(`Tab does not lead to “${name}” on ${page.url()}, but to ${passed.join(", ")}`);
	}

	/** Goes to a button or a link and presses Enter, and waits for the page that it leads to. */
	async press(name: string): Promise<void> {
		await this.to(name);
		const loaded = this.page.waitForEvent("load");
		await this.page.keyboard.press("Enter");
		await loaded;
	}

	/** Goes to a checkbox or a switch and turns it. */
	async turn(name: string): Promise<void> {
		await this.to(name);
		await this.page.keyboard.press("Space");
	}

	/** Goes to a field and types. */
	async type(name: string, text: string): Promise<void> {
		await this.to(name);
		await this.page.keyboard.type(text);
	}
}
