// The X button as people see it: on pages of a helpdesk with its own styles, and on those of a host that has only the style
// sheet that the contract gives, and a policy that allows nothing else.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { LoginPage } from "../../src/contract/login-button.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'";
/** The contract's style sheet, on a page of the host's own that follows the scheme of the system. */
const STYLE = `:root { color-scheme: light dark }${/```css\n(.*?)```/s.exec(readFileSync("src/contract/README.md", "utf8"))?.[1]}`;

const LABELS = [
	["cs", "Přihlásit se přes X", "Zaregistrovat se přes X", "Připojit X"],
	["da", "Log ind med X", "Tilmeld dig med X", "Tilknyt X"],
	["de", "Mit X anmelden", "Mit X registrieren", "Mit X verbinden"],
	["en", "Log in with X", "Sign up with X", "Connect X"],
	["es", "Iniciar sesión con X", "Registrarse con X", "Vincular X"],
	["fa", "ورود با X", "ثبت‌نام با X", "اتصال X"],
	["fr", "Se connecter avec X", "S’inscrire avec X", "Associer X"],
	["nb", "Logg inn med X", "Registrer deg med X", "Koble til X"],
	["nl", "Inloggen met X", "Registreren met X", "X koppelen"],
	["pl", "Zaloguj się przez X", "Zarejestruj się przez X", "Połącz z X"],
	["pt", "Iniciar sessão com o X", "Registar-se com o X", "Associar o X"],
	["pt-BR", "Entrar com o X", "Cadastrar-se com o X", "Vincular o X"],
	["ru", "Войти через X", "Зарегистрироваться через X", "Подключить X"],
	["sr", "Prijava preko X-a", "Registracija preko X-a", "Poveži X"],
	["sv", "Logga in med X", "Registrera dig med X", "Koppla X"],
	["tr", "X ile giriş yap", "X ile kaydol", "X’i bağla"],
] as const;

const PAGES = ["login", "register", "account"] as const;

const SCHEMES = {
	light: { colorScheme: "light" },
	dark: { colorScheme: "dark" },
	"forced colours": { forcedColors: "active" },
} as const;

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page at `/<page>/<language>` with the button alone, and one at `/` with those of all languages. @returns their address. */
async function openHost(): Promise<string> {
	const { host } = await openHouse();
	const { id: brandId } = host.brands[0] ?? expect.unreachable();
	const buttonOf = async (page: LoginPage["page"], locale: string): Promise<string> => {
		const asked = { brandId, page, locale, returnPath: "/", userId: "ada" };
		return (await host.plugin.renderLoginButtons?.(asked))?.[0]?.html ?? "";
	};
	const server = createServer(async ({ url }, answer) => {
		if (url === "/style.css") {
			answer.setHeader("content-type", "text/css").end(STYLE);
			return;
		}
		const buttons = LABELS.flatMap(([language]) =>
			PAGES.map(async (page) => {
				const isAsked = url === "/" || url === `/${page}/${language}`;
				return isAsked ? `<div lang="${language}">${await buttonOf(page, language)}</div>` : "";
			}),
		);
		answer.setHeader("content-type", "text/html; charset=utf-8");
		answer.setHeader("content-security-policy", POLICY);
		answer.end(
			`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title><link rel="stylesheet" href="/style.css">${(await Promise.all(buttons)).join("")}`,
		);
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	onTestFinished(async () => {
		server.closeAllConnections();
		await new Promise((closed) => server.close(closed));
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a browser made of the button, in its own numbers. Runs in the page. */
const MEASURE = `(() => {
	const button = document.querySelector(".login-button");
	const rgba = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
	const luminance = (text) => {
		const [red, green, blue] = rgba(text).slice(0, 3).map((value) => {
			const share = value / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const contrast = (one, other) => {
		const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
		return (high + 0.05) / (low + 0.05);
	};
	const style = getComputedStyle(button);
	const label = button.querySelector(".login-button-label");
	const icon = button.querySelector("svg");
	const plain = document.body.appendChild(document.createElement("button"));
	const { width, height, right } = button.getBoundingClientRect();
	const measured = {
		width, height, right,
		contrast: contrast(style.color, style.backgroundColor),
		isDark: luminance(style.backgroundColor) < luminance(style.color),
		isOpaque: rgba(style.backgroundColor).length === 3,
		isSystem: style.color === getComputedStyle(plain).color && style.backgroundColor === getComputedStyle(plain).backgroundColor,
		icon: [getComputedStyle(icon.querySelector("path")).fill === style.color, icon.getBoundingClientRect().width >= 16],
		outline: [style.outlineStyle, parseFloat(style.outlineWidth)],
		outlineContrast: contrast(style.outlineColor, canvas()),
		label: label.innerText,
		inlineStyles: document.querySelectorAll("main [style], form [style], style").length,
	};
	plain.remove();
	return measured;
	function canvas() {
		const at = document.body.appendChild(document.createElement("div"));
		at.style.backgroundColor = "Canvas";
		const { backgroundColor } = getComputedStyle(at);
		at.remove();
		return backgroundColor;
	}
})()`;

interface Measured {
	readonly width: number;
	readonly height: number;
	readonly right: number;
	readonly contrast: number;
	readonly isDark: boolean;
	readonly isOpaque: boolean;
	readonly isSystem: boolean;
	readonly icon: readonly [sameColour: boolean, isSeen: boolean];
	readonly outline: readonly [style: string, width: number];
	readonly outlineContrast: number;
	readonly label: string;
	readonly inlineStyles: number;
}

/** A tab, and what its pages asked other hosts for or were refused. */
async function openTab(scheme: keyof typeof SCHEMES, width = 1280) {
	const context = await browser.newContext({
		...SCHEMES[scheme],
		viewport: { width, height: 800 },
	});
	const page = await context.newPage();
	const complaints: string[] = [];
	const hosts = new Set<string>();
	page.on("console", (message) => {
		complaints.push(...(message.type() === "error" ? [message.text()] : []));
	});
	page.on("request", (request) => void hosts.add(new URL(request.url()).host));
	return { page, complaints, hosts };
}

async function measure(page: Page): Promise<Measured> {
	return page.evaluate<Measured>(MEASURE);
}

/** Goes to the button by the keyboard. */
async function focusButton(page: Page): Promise<void> {
	const isThere = "document.activeElement?.classList.contains('login-button')";
	for (let presses = 0; presses < 40 && !(await page.evaluate<boolean>(isThere)); presses++) {
		await page.keyboard.press("Tab");
	}
	expect(await page.evaluate<boolean>(isThere)).toBe(true);
}

async function expectButton(
	page: Page,
	scheme: keyof typeof SCHEMES,
	label: string,
): Promise<void> {
	await page.getByRole("button", { name: label, exact: true }).waitFor();
	const shown = await measure(page);
	expect(shown.label).toBe(label);
	expect(shown.width).toBeGreaterThanOrEqual(44);
	expect(shown.height).toBeGreaterThanOrEqual(44);
	expect(shown.isOpaque).toBe(true);
	expect(shown.contrast).toBeGreaterThanOrEqual(7);
	expect(shown.icon).toEqual([true, true]);
	expect(shown.inlineStyles).toBe(0);
	if (scheme === "forced colours") {
		expect(shown.isSystem).toBe(true);
	} else {
		expect(shown.isDark).toBe(scheme === "light");
	}
	expect(shown.outline[0]).toBe("none");
	await focusButton(page);
	const focused = await measure(page);
	expect(focused.outline[0]).not.toBe("none");
	expect(focused.outline[1]).toBeGreaterThanOrEqual(2);
	expect(focused.outlineContrast).toBeGreaterThanOrEqual(3);
}

test.each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])(
	"the button is large, legible and in the colours of the page, with %s",
	async (scheme) => {
		const host = await openHost();
		const open = await openHelpdesk();
		await setUpX(open);
		const { page, complaints, hosts } = await openTab(scheme);
		for (const address of [`${host}/login/en`, `${open.portal}/login`]) {
			hosts.clear();
			await page.goto(address);
			await expectButton(page, scheme, "Log in with X");
			expect(complaints).toEqual([]);
			expect([...hosts]).toEqual([new URL(address).host]);
		}
	},
);

test("the button has the verb of its page in 16 languages, as its name and as its text, and fits on a small phone", async () => {
	const host = await openHost();
	const { page, complaints } = await openTab("light", 320);
	await page.goto(`${host}/`);
	const shown = await page.evaluate<readonly { label: string; height: number; right: number }[]>(
		`[...document.querySelectorAll(".login-button")].map((button) => {
			const { height, right } = button.getBoundingClientRect();
			return { label: button.innerText.trim(), height, right };
		})`,
	);

	expect(LABELS).toHaveLength(16);
	expect(shown.map(({ label }) => label)).toEqual(LABELS.flatMap(([, ...labels]) => labels));
	expect(shown.filter(({ height, right }) => height < 44 || right > 320)).toEqual([]);
	for (const [language, ...labels] of LABELS) {
		expect([language, new Set(labels).size]).toEqual([language, 3]);
		const own = page.locator(`[lang="${language}"]`);
		for (const label of labels) {
			expect([label, await own.getByRole("button", { name: label, exact: true }).count()]).toEqual([
				label,
				1,
			]);
		}
	}
	expect(complaints).toEqual([]);
});
