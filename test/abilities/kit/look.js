// Runs in a page of a browser, after in-page.js. Measures what axe cannot decide: colours over anything but a plain background,
// the borders of controls, what has the focus, and the size of targets.
(() => {
	const { hasNewPlaces, nameOf, shortened, show, textBoxes, traitsOfAll } = globalThis.abilities;

	/** @returns red, green, blue from 0 to 255, and alpha from 0 to 1. */
	function colourOf(text) {
		const numbers = (text.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
		const scale = text.startsWith("color(srgb") ? 255 : 1;
		const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
		return text.startsWith("rgb") || text.startsWith("color(srgb")
			? [red * scale, green * scale, blue * scale, alpha]
			: undefined;
	}

	function over([r, g, b, alpha], back) {
		return [r, g, b].map((each, index) => each * alpha + back[index] * (1 - alpha));
	}

	function luminance(colour) {
		const [red, green, blue] = colour.map((each) => {
			const share = each / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	}

	function contrast(one, other) {
		const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
		return (high + 0.05) / (low + 0.05);
	}

	/** What a page is drawn on: white, or the dark of `color-scheme`. */
	function canvas() {
		const probe = document.createElement("span");
		probe.style.color = "Canvas";
		document.body.append(probe);
		const [red, green, blue] = colourOf(getComputedStyle(probe).color);
		probe.remove();
		return [red, green, blue];
	}

	/** The colour behind what an element contains; undefined over an image or a gradient. */
	function backgroundOf(element, base) {
		const layers = [];
		for (let each = element; each !== null; each = each.parentElement) {
			const style = getComputedStyle(each);
			if (style.backgroundImage !== "none") {
				return undefined;
			}
			const colour = colourOf(style.backgroundColor);
			if (colour === undefined) {
				return undefined;
			}
			if (colour[3] > 0) {
				layers.push(colour);
			}
			if (colour[3] === 1) {
				break;
			}
		}
		return layers.reduceRight((back, layer) => over(layer, back), base);
	}

	/** The colour of the shape of a drawing that a text of it lies on. */
	function shapeBehind(element, base) {
		const { left, right, top, bottom } = element.getBoundingClientRect();
		const drawing = element.closest("svg");
		let back = backgroundOf(drawing.parentElement, base);
		for (const shape of drawing.querySelectorAll("rect, circle, path, polygon, ellipse, text")) {
			if (shape === element) {
				break;
			}
			const box = shape.getBoundingClientRect();
			const isBehind = box.left < right && box.right > left && box.top < bottom && box.bottom > top;
			const { fill, fillOpacity, opacity } = getComputedStyle(shape);
			const colour = colourOf(fill);
			if (isBehind && shape.tagName !== "text" && fill !== "none") {
				const alpha = colour && colour[3] * Number(fillOpacity) * Number(opacity);
				back = colour && back && over([...colour.slice(0, 3), alpha], back);
			}
		}
		return back;
	}

	function opacityOf(element) {
		let opacity = 1;
		for (let each = element; each !== null; each = each.parentElement) {
			opacity *= Number(getComputedStyle(each).opacity);
		}
		return opacity;
	}

	const LOGOTYPES = ".brand img";

	/** Text whose contrast is too low, or cannot be computed (WCAG 1.4.3). */
	function weakTexts() {
		const found = new Set();
		const base = canvas();
		const seen = new Set();
		for (const { element, of, node } of textBoxes(traitsOfAll())) {
			if (
				seen.has(element) ||
				element.closest(`:disabled, [aria-disabled=true], option, ${LOGOTYPES}`)
			) {
				continue;
			}
			seen.add(element);
			const isDrawn = element instanceof SVGElement;
			const back = isDrawn ? shapeBehind(element, base) : backgroundOf(element, base);
			const front = colourOf(isDrawn ? of.style.fill : of.style.color);
			const size = Number.parseFloat(of.style.fontSize);
			const isLarge = size >= 24 || (size >= 18.66 && Number(of.style.fontWeight) >= 700);
			const alpha = front && front[3] * opacityOf(element);
			const is = front && back && contrast(over([...front.slice(0, 3), alpha], back), back);
			if (!(is >= (isLarge ? 3 : 4.5))) {
				found.add(`contrast ${is?.toFixed(2)}: ${nameOf(element)} “${shortened(node.data)}”`);
			}
		}
		return [...found];
	}

	const FIELDS =
		"input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit]), select, textarea, [role=switch]";

	/** Fields that cannot be told from what is around them (WCAG 1.4.11). */
	function weakFields() {
		const base = canvas();
		return [...document.querySelectorAll(FIELDS)].flatMap((field) => {
			if (!field.checkVisibility() || field.disabled) {
				return [];
			}
			const style = getComputedStyle(field);
			const around = backgroundOf(field.parentElement, base);
			const inside = backgroundOf(field, base);
			const border = colourOf(style.borderBottomColor);
			const hasBorder =
				style.borderBottomStyle !== "none" && Number.parseFloat(style.borderBottomWidth) >= 1;
			const differs = Math.max(
				hasBorder && border && around ? contrast(over(border, around), around) : 0,
				inside && around ? contrast(inside, around) : 0,
			);
			return differs >= 3 ? [] : [`border ${differs.toFixed(2)}: ${nameOf(field)}`];
		});
	}

	const TARGETS =
		"a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
	const LEAST = 24;

	function targets() {
		return [...document.querySelectorAll(TARGETS)].filter(
			(each) => each.checkVisibility({ visibilityProperty: true }) && !isUnseen(each),
		);
	}

	function isUnseen(element) {
		const { width, height } = element.getBoundingClientRect();
		return width <= 1 || height <= 1 || element.closest(".unseen, .skip") !== null;
	}

	/** A link among the words of a sentence may have the height of its line. */
	function isInSentence(element) {
		if (getComputedStyle(element).display !== "inline") {
			return false;
		}
		const block =
			element.closest("p, li, dd, td, th, label, legend, footer, figcaption") ??
			element.parentElement;
		const rest = block.textContent.trim().length - element.textContent.trim().length;
		return rest > 0;
	}

	/** Targets that are small and near others (WCAG 2.5.8). */
	function smallTargets() {
		const all = targets().map((element) => {
			const label = element.matches("input") ? element.closest("label") : null;
			const box = (label ?? element).getBoundingClientRect();
			const small = box.width < LEAST || box.height < LEAST;
			const centre = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
			return { element, box, small, centre };
		});
		return all
			.filter(({ small, element }) => small && !isInSentence(element))
			.filter(({ element, centre }) =>
				all.some((other) => {
					if (other.element === element || other.element.contains(element)) {
						return false;
					}
					const { left, right, top, bottom } = other.box;
					const x = Math.max(left, Math.min(centre.x, right)) - centre.x;
					const y = Math.max(top, Math.min(centre.y, bottom)) - centre.y;
					const apart = Math.hypot(other.centre.x - centre.x, other.centre.y - centre.y);
					return Math.hypot(x, y) < LEAST / 2 || (other.small && apart < LEAST);
				}),
			)
			.map(
				({ element, box }) =>
					`target ${box.width.toFixed(0)} × ${box.height.toFixed(0)}: ${nameOf(element)} “${shortened(element.textContent)}”`,
			);
	}

	/** Whatever can have the focus, and cannot be seen to have it, or is covered while it has (WCAG 2.4.7, 2.4.11, 1.4.11). */
	function unseenFocus() {
		const base = canvas();
		return targets()
			.filter((each) => !each.disabled)
			.flatMap((element) => {
				element.focus({ focusVisible: true });
				const problem = focusProblem(element, base);
				return problem === undefined
					? []
					: [`focus ${problem}: ${nameOf(element)} “${shortened(element.textContent)}”`];
			});
	}

	function focusProblem(element, base) {
		if (document.activeElement !== element) {
			return "refused";
		}
		const style = getComputedStyle(element);
		const outline = colourOf(style.outlineColor);
		const back = backgroundOf(element.parentElement, base);
		if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2) {
			return "not shown";
		}
		if (
			style.outlineStyle !== "auto" &&
			!(outline && back && contrast(over(outline, back), back) >= 3)
		) {
			return "of a weak colour";
		}
		const [first] = element.getClientRects();
		const { left, top, width, height } = first;
		const isInView = top >= 0 && top < innerHeight && left >= -1 && left + width <= innerWidth + 1;
		if (!isInView) {
			return "out of sight";
		}
		const points = [
			[left + width / 2, Math.min(top + height / 2, innerHeight - 1)],
			[left + 2, top + 2],
			[left + width - 2, top + 2],
		];
		const isSeen = points.every(([x, y]) => {
			const hit = document.elementFromPoint(x, y);
			return hit !== null && (element.contains(hit) || hit.contains(element));
		});
		return isSeen ? undefined : "covered";
	}

	/** Runs rules of axe. @param only left out: all of WCAG 2.2 A and AA, and the best practices. */
	async function axeFindings(only) {
		const { violations, incomplete } = await globalThis.axe.run(document, {
			resultTypes: ["violations", "incomplete"],
			elementRef: false,
			// No rule of these sets reads style sheets by itself.
			preload: false,
			...(only
				? { runOnly: { type: "rule", values: only } }
				: { rules: { "target-size": { enabled: true } } }),
		});
		const lines = (kind, results) =>
			results.flatMap(({ id, nodes }) =>
				nodes.map(({ target, any, all, none }) => {
					const [why] = [...any, ...all, ...none].map(({ message }) => message);
					return `${kind} ${id}: ${target.join(" ")} (${why})`;
				}),
			);
		return [...lines("axe", violations), ...lines("undecided", incomplete)];
	}

	/** Runs rules that depend on colours, where text is in a place in which no page before had any. */
	async function axeInNewPlaces(mode, only) {
		return hasNewPlaces(mode) ? axeFindings(only) : [];
	}

	/** Shows a page, and measures it. */
	async function judge(name, language, calls) {
		await show(name, language);
		const found = [];
		for (const [call, ...args] of calls) {
			found.push(...(await globalThis.abilities[call](...args)));
		}
		return found;
	}

	Object.assign(globalThis.abilities, {
		axeFindings,
		axeInNewPlaces,
		judge,
		weakTexts,
		weakFields,
		smallTargets,
		unseenFocus,
	});
})();
