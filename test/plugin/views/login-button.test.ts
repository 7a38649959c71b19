import { type Document, Window } from "happy-dom";
import { expect, test } from "vitest";
import { loginButton } from "../../../src/plugin/views/login-button.ts";

const HOSTILE = `"><script>alert(1)</script>'&`;

function parsed(html: string): Document {
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

test("the button is a form that posts the return path without script, and its label names it", () => {
	const button = loginButton({
		label: "Log in with X",
		intent: "log-in",
		action: "/login/x-login/start",
		returnPath: "/tickets?open=1",
	});
	const page = parsed(button.html);

	const form = page.querySelector("form");
	expect(form?.getAttribute("method")).toBe("post");
	expect(form?.getAttribute("action")).toBe("/login/x-login/start");
	expect(form?.querySelector("input")?.getAttribute("name")).toBe("return_path");
	expect(form?.querySelector("input")?.getAttribute("value")).toBe("/tickets?open=1");
	expect(page.querySelectorAll("button")).toHaveLength(1);
	expect(page.querySelector("button")?.textContent?.trim()).toBe("Log in with X");
	expect(page.querySelector("svg")?.getAttribute("aria-hidden")).toBe("true");
	expect(button.fields).toEqual({ return_path: "/tickets?open=1" });
});

test("XSS: markup in a label or path stays text", () => {
	const button = loginButton({
		label: HOSTILE,
		intent: "log-in",
		action: "/start",
		returnPath: HOSTILE,
	});
	const page = parsed(button.html);

	expect(page.querySelector("script")).toBeNull();
	expect(page.querySelector("button")?.textContent).toBe(HOSTILE);
	expect(page.querySelector("input")?.getAttribute("value")).toBe(HOSTILE);
});

test("the markup works under a policy without inline script and style", () => {
	const { html } = loginButton({ label: "X", intent: "sign-up", action: "/a", returnPath: "/" });

	expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
});
