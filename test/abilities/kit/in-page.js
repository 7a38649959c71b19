// Runs in a page of a browser. Shows recorded pages one after the other in place of what the page shows, which is a hundred
// times cheaper than opening each of them, and measures what is shown.
(() => {
	const parser = new DOMParser();
	/** The style sheets that were needed so far, by their address or their text. */
	const sheets = new Map();
	let script = "";
	/** The recorded pages by name: their markup by language. */
	const kept = new Map();

	function keep(name, pages) {
		kept.set(name, pages);
	}

	/** @param text the script that all pages load. */
	function install(text) {
		script = text;
		for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
			sheets.set(link.getAttribute("href"), link);
		}
	}

	async function useSheets(wanted) {
		for (const [key, element] of sheets) {
			element.media = wanted.has(key) ? "all" : "not all";
		}
		for (const [key, isLink] of wanted) {
			if (!sheets.has(key)) {
				const element = document.createElement(isLink ? "link" : "style");
				sheets.set(key, element);
				if (isLink) {
					element.rel = "stylesheet";
					element.href = key;
					document.head.append(element);
					await new Promise((resolve) => {
						element.onload = resolve;
						element.onerror = resolve;
					});
				} else {
					element.textContent = key;
					document.head.append(element);
				}
			}
		}
	}

	/** Shows a page in a language, or in English where it is known in no other. What it hides until a press is open. */
	async function show(name, language = "en") {
		const pages = kept.get(name);
		await put(parser.parseFromString(pages[language] ?? pages.en, "text/html"));
	}

	async function put(next) {
		useLanguageOf(next);
		document.title = next.title;
		await useSheets(
			new Map([
				...[...next.querySelectorAll("link[rel=stylesheet]")].map((each) => [
					each.getAttribute("href"),
					true,
				]),
				...[...next.head.querySelectorAll("style")].map((each) => [each.textContent, false]),
			]),
		);
		for (const each of next.querySelectorAll("[data-submit]")) {
			each.removeAttribute("data-submit");
		}
		document.body.replaceWith(document.adoptNode(next.body));
		new Function(script)();
		for (const each of document.querySelectorAll("details")) {
			each.open = true;
		}
		scrollTo(0, 0);
	}

	function useLanguageOf(next) {
		const root = document.documentElement;
		root.lang = next.documentElement.lang;
		root.dir = next.documentElement.dir;
	}

	const ACCENTED = { a: "á", e: "ë", i: "ï", o: "ö", u: "ü", A: "Å", E: "É", O: "Ö", U: "Ü" };
	/** What no translator changes. */
	const KEPT = "code, pre, script, style, noscript, bdi, time, svg, [dir=ltr]";

	/** Makes each word a third longer, as a translation may be. */
	function lengthen(root) {
		for (const node of textsIn(root)) {
			if (node.parentElement.closest(KEPT) === null) {
				node.data = node.data.replace(/\S+/g, (word) =>
					/[\d@/:.].|\p{Ll}\p{Lu}/u.test(word) || !/\p{L}{2}/u.test(word)
						? word
						: word.replace(/[aeiouAEOU]/g, (letter) => ACCENTED[letter] ?? letter) +
							word.slice(0, Math.ceil(word.length / 3)).toLowerCase(),
				);
			}
		}
	}

	function textsIn(root) {
		const nodes = [];
		const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			nodes.push(node);
		}
		return nodes;
	}

	/**
	 * Puts the words of a page in the place of another language's. The elements of both are nearly always the same, so that the
	 * browser computes no style once more.
	 *
	 * @returns whether they are.
	 */
	function swapWords({ lang, dir, words, shape }) {
		const nodes = textsIn(document.body);
		if (shape !== shapeOf(document.body, nodes)) {
			return false;
		}
		document.documentElement.lang = lang;
		document.documentElement.dir = dir;
		for (const [index, node] of nodes.entries()) {
			if (node.data !== words[index]) {
				node.data = words[index];
			}
		}
		return true;
	}

	function shapeOf(body, nodes) {
		const places = nodes
			.map(({ parentNode }) => `${parentNode.nodeName}.${parentNode.getAttribute("class")}`)
			.join(" ");
		return `${body.getElementsByTagName("*").length} ${places}`;
	}

	const parsed = new Map();

	/** The words of a page in a language. */
	function wordsOf(name, language) {
		const key = `${name} ${language}`;
		const known = parsed.get(key);
		if (known !== undefined) {
			return known;
		}
		const next = parser.parseFromString(kept.get(name)[language], "text/html");
		const nodes = textsIn(next.body);
		const { lang, dir } = next.documentElement;
		const words = {
			...{ lang, dir, shape: shapeOf(next.body, nodes) },
			words: nodes.map(({ data }) => data),
		};
		parsed.set(key, words);
		return words;
	}

	/** A name of an element that a person finds it by. */
	function nameOf(element) {
		const { tagName, id, classList, parentElement } = element;
		const own = `${tagName.toLowerCase()}${id === "" ? "" : `#${id}`}${[...classList].map((each) => `.${each}`).join("")}`;
		const parent = parentElement?.tagName === "BODY" ? null : parentElement;
		const classes = parent && [...parent.classList].map((each) => `.${each}`).join("");
		return parent === null ? own : `${parent.tagName.toLowerCase()}${classes} > ${own}`;
	}

	function shortened(text) {
		const one = text.trim().replace(/\s+/g, " ");
		return one.length > 30 ? `${one.slice(0, 30)}…` : one;
	}

	/** What each element inherits of what hides, clips, scrolls and floats. */
	function traitsOfAll() {
		const traits = new Map();
		for (const element of document.body.querySelectorAll("*")) {
			const above = traits.get(element.parentElement) ?? {};
			const style = getComputedStyle(element);
			const isUnseen = style.clipPath !== "none" && style.position === "absolute";
			const scrolls = /auto|scroll/.test(`${style.overflowX} ${style.overflowY}`);
			const clips = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
			const floats = style.position === "sticky" || style.position === "fixed";
			traits.set(element, {
				style,
				gone: above.gone || isUnseen || style.display === "none" || style.visibility === "hidden",
				scroller: scrolls ? element : above.scroller,
				clips,
				floating: floats ? element : above.floating,
				block:
					style.display.startsWith("inline") && style.display === "inline" ? above.block : element,
				isSvg: above.isSvg || element instanceof SVGElement,
			});
		}
		return traits;
	}

	/** The boxes of all texts that can be seen. */
	function textBoxes(traits) {
		const boxes = [];
		const range = document.createRange();
		const frames = framesOf();
		for (const node of textsIn(document.body)) {
			const of = traits.get(node.parentElement);
			if (of === undefined || of.gone || node.data.trim() === "") {
				continue;
			}
			range.selectNodeContents(node);
			for (const rect of range.getClientRects()) {
				if (rect.width > 1 && rect.height > 1) {
					const box = { node, element: node.parentElement, of, ...sidesOf(rect) };
					if (of.scroller !== undefined && !cut(box, frames(of.scroller))) {
						continue;
					}
					boxes.push(box);
				}
			}
		}
		return boxes;
	}

	/** The boxes of elements, each measured once. */
	function framesOf() {
		const frames = new Map();
		return (element) => {
			const known = frames.get(element) ?? element.getBoundingClientRect();
			frames.set(element, known);
			return known;
		};
	}

	function sidesOf({ left, top, right, bottom }) {
		return { left, top, right, bottom };
	}

	/** Cuts a box to what is seen of it. @returns whether something is. */
	function cut(box, frame) {
		box.left = Math.max(box.left, frame.left);
		box.right = Math.min(box.right, frame.right);
		box.top = Math.max(box.top, frame.top);
		box.bottom = Math.min(box.bottom, frame.bottom);
		return box.right - box.left > 1 && box.bottom - box.top > 1;
	}

	/** Few letters are wider, as a share of the font's size. A word that fits even so is not measured. */
	const WIDEST = 0.9;
	/** Where words may break: names that somebody gave, and code. */
	const BREAKS = "code, pre, bdi";
	/** What is no word of a language: an address, a code, an id. */
	const NO_WORD = /[\d@/:._]/;

	/** Words that have so little room that they are broken within themselves, without a hyphen. */
	function broken(boxes) {
		const found = [];
		const range = document.createRange();
		const frames = framesOf();
		const seen = new Set();
		for (const { node, of, element } of boxes) {
			if (seen.has(node) || of.isSvg || element.closest(BREAKS) !== null) {
				continue;
			}
			seen.add(node);
			const room = frames(of.block ?? document.body).width;
			const letter = Number.parseFloat(of.style.fontSize) * WIDEST;
			for (const { 0: word, index } of node.data.matchAll(/[^\s\u00AD\u200B-]+/gu)) {
				if (word.length * letter < room || NO_WORD.test(word)) {
					continue;
				}
				range.setStart(node, index);
				range.setEnd(node, index + word.length);
				const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
				if (tops.size > 1) {
					found.push(`a broken word: ${nameOf(element)} “${word}”`);
				}
			}
		}
		return found;
	}

	/** What overflows, is clipped, or lies on something else. */
	function layoutFindings(traits = traitsOfAll()) {
		const found = [];
		const width = innerWidth;
		const wide = document.scrollingElement.scrollWidth;
		const frames = framesOf();
		const boxes = textBoxes(traits);
		if (wide > width) {
			const culprits = [...traits]
				.filter(([element, { scroller }]) => {
					const { left, right } = element.getBoundingClientRect();
					return (
						(right > width + 1 || left < -1) && (scroller === undefined || scroller === element)
					);
				})
				.map(([element]) => nameOf(element));
			found.push(`the page scrolls sideways: ${wide} by ${culprits.slice(-2).join(", ")}`);
		}
		for (const [element, { clips, gone, isSvg }] of traits) {
			if (!clips || gone || isSvg) {
				continue;
			}
			const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
			const cutOff = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
			if (cutOff && element.textContent.trim() !== "") {
				found.push(`clipped: ${nameOf(element)} “${shortened(element.textContent)}”`);
			}
		}
		for (const box of boxes) {
			const { block, isSvg, scroller } = box.of;
			if (isSvg) {
				continue;
			}
			const frame = frames(block ?? document.body);
			// Spaces at the end of a line may hang out of it.
			const isIn = box.of.style.whiteSpace.startsWith("pre")
				? block.scrollWidth <= block.clientWidth + 1
				: box.left >= frame.left - 1 && box.right <= frame.right + 1;
			const isOnPage = box.left >= -1 && box.right <= width + 1;
			if (
				scroller === undefined &&
				!(isIn && (isOnPage || box.of.style.whiteSpace.startsWith("pre")))
			) {
				found.push(`leaves its box: ${nameOf(box.element)} “${shortened(box.node.data)}”`);
			}
		}
		found.push(...overlaps(boxes), ...broken(boxes));
		return [...new Set(found)];
	}

	/** Lines are often taller than their letters, so a fifth of the height may overlap. */
	const SLACK = 0.2;

	function overlaps(boxes) {
		const found = [];
		const sorted = boxes
			.map((box) => {
				const slack = (box.bottom - box.top) * SLACK;
				return { ...box, top: box.top + slack, bottom: box.bottom - slack };
			})
			.sort((a, b) => a.top - b.top);
		let open = [];
		for (const box of sorted) {
			open = open.filter(({ bottom }) => bottom > box.top);
			for (const other of open) {
				const common = Math.min(box.right, other.right) - Math.max(box.left, other.left);
				if (common > 1 && box.node !== other.node && box.of.floating === other.of.floating) {
					found.push(
						`overlap: ${nameOf(box.element)} “${shortened(box.node.data)}” and “${shortened(other.node.data)}”`,
					);
				}
			}
			open.push(box);
		}
		return found;
	}

	const judged = new Map();
	/** So many elements decide what a text looks like: its own, and those around it. */
	const NEAR = 3;

	/** Whether no page in this mode had an element with text in such a place, by the names of what is around it. */
	function hasNewPlaces(mode) {
		const known = judged.get(mode) ?? new Set();
		judged.set(mode, known);
		const before = known.size;
		for (const node of textsIn(document.body)) {
			const place = [];
			let each = node.parentElement;
			while (each !== document.body && place.length < NEAR) {
				place.push(`${each.tagName}.${each.className}.${each.disabled}.${each.ariaCurrent}`);
				each = each.parentElement;
			}
			known.add(place.join(" "));
		}
		return known.size > before;
	}

	/** Measures a page in each of its languages, and in one whose words are a third longer than those of English. */
	async function layoutOf(name, languages) {
		const found = [];
		let traits;
		const note = (language) =>
			found.push(...layoutFindings(traits).map((each) => `${language}: ${each}`));
		for (const language of Object.keys(kept.get(name)).filter((each) => languages.includes(each))) {
			if (traits === undefined || !swapWords(wordsOf(name, language))) {
				await show(name, language);
				traits = traitsOfAll();
			}
			note(language);
		}
		await show(name);
		lengthen(document.body);
		traits = traitsOfAll();
		note("a third longer");
		return found;
	}

	/** The least that readers may set (WCAG 1.4.12). */
	const SPACING = `* {
	line-height: 1.5 !important;
	letter-spacing: 0.12em !important;
	word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important }`;

	/** What overflows, is clipped, or lies on something else, for readers who need more room around letters, words and lines. */
	function spacedFindings() {
		const style = document.createElement("style");
		style.textContent = SPACING;
		document.head.append(style);
		const found = layoutFindings();
		style.remove();
		// A word that is wider than the screen then may be broken: all of it is there.
		return found
			.filter((each) => !each.startsWith("a broken word"))
			.map((each) => `spaced: ${each}`);
	}

	globalThis.abilities = {
		layoutFindings,
		spacedFindings,
		install,
		hasNewPlaces,
		keep,
		show,
		layoutOf,
		traitsOfAll,
		textBoxes,
		nameOf,
		shortened,
	};
})();
