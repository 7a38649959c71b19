import { Window } from "happy-dom";
import { expect, test } from "vitest";
import { endedPage } from "../../../src/plugin/views/ended-page.ts";

const HOSTILE = `<img src=x onerror=alert(1)>"`;

test("the page says why, how to go on and what to quote, and shows values from outside as text", () => {
	const page = endedPage({
		status: 400,
		title: HOSTILE,
		sentences: ["Why.", HOSTILE],
		retry: { label: "Try again", action: "/start", fields: { return_path: HOSTILE } },
		back: { label: "Back", href: "/login" },
		trace: "Quote 7F3K-9QWD",
	});
	const dom = new new Window().DOMParser().parseFromString(page.html, "text/html");

	expect(dom.querySelector("img")).toBeNull();
	expect(dom.querySelector("h1")?.textContent).toBe(HOSTILE);
	expect([...dom.querySelectorAll("p")].map((p) => p.textContent)).toEqual([
		"Why.",
		HOSTILE,
		"Back",
		"Quote 7F3K-9QWD",
	]);
	expect(dom.querySelector("input")?.getAttribute("value")).toBe(HOSTILE);
	expect(dom.querySelector("button")?.textContent).toBe("Try again");
	expect(dom.querySelector("a")?.getAttribute("href")).toBe("/login");
});

test("a page without retry has no form", () => {
	const page = endedPage({
		status: 403,
		title: "No",
		sentences: [],
		back: { label: "Back", href: "/login" },
		trace: "",
	});

	expect(page.html).not.toContain("<form");
});
