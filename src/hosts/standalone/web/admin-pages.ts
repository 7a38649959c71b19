import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { SettingValue } from "../../../contract/settings.ts";
import type { SettingSchema } from "../../../contract/settings-schema.ts";
import type { InstalledPlugin } from "../installed-plugin.ts";
import { csrfField, type Markup } from "./layout.ts";

const INTEGRATIONS = "/admin/settings/general/integrations";
const SOCIAL_LOGIN = "/admin/settings/users/social-login";

/** Where the administrator's pages of a plugin are. */
export const ADMIN_PATHS = { integrations: INTEGRATIONS, socialLogin: SOCIAL_LOGIN } as const;

type Texts = (key: string) => string;

export function textsOf({ loaded }: InstalledPlugin): Texts {
	const messages = loaded.locales.get(loaded.manifest.locales.default) ?? {};
	return (key) => messages[key] ?? key;
}

export function notice(sentence: string, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${sentence}</p>`;
}

export function overviewPage(): Markup {
	return html`<h1>Settings</h1><h2>General</h2><p><a href="${INTEGRATIONS}">Third-Party Integrations</a></p>
<h2>Users</h2><p><a href="${SOCIAL_LOGIN}">Social Login</a></p>`;
}

export function loginPage(csrf: string, problem: Markup): Markup {
	return html`<div class="card"><h1>Operator log-in</h1>${problem}<form method="post" action="/admin/login">${csrfField(csrf)}
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Log in</button></form></div>`;
}

export function profilePage(csrf: string, email: string, message: Markup): Markup {
	return html`<h1>Your profile</h1>${message}<div class="card"><p>You are logged in as <strong>${email}</strong>.</p><form method="post" action="/admin/profile">${csrfField(csrf)}
<label for="current">Current password</label><input id="current" name="current" type="password" autocomplete="current-password" required>
<label for="new">New password</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="12" maxlength="256" required>
<p class="help">At least 12 characters.</p><button type="submit">Change password</button></form></div>`;
}

export function integrationsPage(
	plugin: InstalledPlugin,
	state: { readonly active: boolean; readonly missing: readonly string[] },
	csrf: string,
	message: Markup,
): Markup {
	const { manifest } = plugin.loaded;
	const text = textsOf(plugin);
	const path = `${INTEGRATIONS}/${manifest.id}`;
	const toggle = state.active ? "Deactivate" : "Activate";
	const settings = state.active ? html`<a href="${path}">Settings</a>` : "";
	const setup =
		state.active && state.missing.length > 0
			? html`<p class="help">Needs set-up for ${state.missing.join(", ")}: <a href="${path}">enter the keys</a>.</p>`
			: "";
	return html`<p class="breadcrumb">Settings › General</p><h1>Third-Party Integrations</h1>${message}
<table><thead><tr><th scope="col">Actions</th><th scope="col">Integration</th><th scope="col">Status</th></tr></thead><tbody><tr>
<td><div class="row-actions"><form method="post" action="${path}/${toggle.toLowerCase()}">${csrfField(csrf)}<button class="link" type="submit">${toggle}</button></form>${settings}</div></td>
<td><strong>${manifest.name}</strong> <span class="soft">${manifest.version}</span><p class="help">${text(manifest.texts.description)}</p><p class="help">${text(manifest.texts.privacy)}</p></td>
<td>${state.active ? "Active" : "Disabled"}${setup}</td></tr></tbody></table>`;
}

export interface SettingsPage {
	readonly plugin: InstalledPlugin;
	readonly brands: readonly Brand[];
	readonly brand: Brand;
	readonly values: Readonly<Record<string, SettingValue>>;
	readonly stored: ReadonlySet<string>;
	readonly problems: ReadonlyMap<string, string>;
	readonly csrf: string;
	readonly message: Markup;
}

export function settingsPage(page: SettingsPage): Markup {
	const { plugin, brands, brand, csrf, message } = page;
	const { manifest, settingsSchema } = plugin.loaded;
	const text = textsOf(plugin);
	const path = `${INTEGRATIONS}/${manifest.id}`;
	const tabs = brands.map(
		({ id, name }) =>
			html`<li><a href="${path}?brand=${id}"${id === brand.id ? html` aria-current="page"` : ""}>${name}</a></li>`,
	);
	const fields = Object.entries(settingsSchema.properties).map(([name, setting]) =>
		settingField(page, name, setting),
	);
	const others = brands.filter(({ id }) => id !== brand.id);
	return html`<p class="breadcrumb">Settings › General › <a href="${INTEGRATIONS}">Third-Party Integrations</a></p>
<h1>${manifest.name}: settings</h1>${message}<ul class="tabs">${tabs}</ul>
<div class="card"><form method="post" action="${path}?brand=${brand.id}">${csrfField(csrf)}${fields}
<label for="callback-url">Callback URL</label><div class="copy"><input id="callback-url" value="${brand.callbackUrl}" readonly><button class="secondary" type="button" data-copy="${brand.callbackUrl}" hidden>Copy</button></div>
<p class="help">Must be entered at ${manifest.name} exactly as it stands here.</p>
<div class="actions"><button type="submit">Save</button></div></form></div>
<h2>How to get the keys</h2><ul class="plain">${manifest.texts.prerequisites.map((key) => html`<li>${linked(text(key))}</li>`)}</ul>
<ol>${manifest.texts.steps.map((key) => html`<li>${linked(text(key).replaceAll("{callbackUrl}", brand.callbackUrl))}</li>`)}</ol>
<p>One app may serve all brands. Then enter these addresses there as well: ${others.map(({ name, callbackUrl }) => html`${name} <code>${callbackUrl}</code> `)}</p>
<p><a href="${brand.baseUrl}${brand.loginPath}">Open the log-in page of ${brand.name}</a> in a private window, and log in as a test user before you tell your visitors.</p>`;
}

function settingField(page: SettingsPage, name: string, setting: SettingSchema): Markup {
	const text = textsOf(page.plugin);
	const { values, stored, problems } = page;
	const problem = problems.get(name);
	const value = values[name];
	const help = html`<p class="help" id="${name}-help">${text(`settings.${name}.help`)}${stored.has(name) ? html` <strong>A secret is stored.</strong>` : ""}</p>${problem === undefined ? "" : html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}`;
	const described = `${name}-help${problem === undefined ? "" : ` ${name}-problem`}`;
	const label = html`<label for="${name}">${text(`settings.${name}.label`)}</label>`;
	const invalid = problem === undefined ? "" : html` aria-invalid="true"`;
	if (setting.enum !== undefined) {
		const options = setting.enum.map(
			(option) =>
				html`<option value="${option}"${option === value ? html` selected` : ""}>${text(`settings.${name}.option.${option}`)}</option>`,
		);
		return html`${label}<select id="${name}" name="${name}" aria-describedby="${described}"${invalid}>${options}</select>${help}`;
	}
	if (setting.type === "boolean") {
		return html`<label class="toggle"><input type="checkbox" name="${name}" aria-describedby="${described}"${value === true ? html` checked` : ""}>${text(`settings.${name}.label`)}</label>${help}`;
	}
	const shown = setting.writeOnly ? "" : String(value ?? "");
	const type = setting.writeOnly ? "password" : setting.type === "integer" ? "number" : "text";
	return html`${label}<input id="${name}" name="${name}" type="${type}" value="${shown}" autocomplete="off" spellcheck="false" aria-describedby="${described}"${invalid}>${help}`;
}

export function socialLoginPage(plugin: InstalledPlugin, offered: boolean): Markup {
	const { id, name } = plugin.loaded.manifest;
	const list = offered
		? html`<table><thead><tr><th scope="col">Integration</th><th scope="col">Actions</th></tr></thead><tbody><tr><td><strong>${name}</strong></td><td><a href="${SOCIAL_LOGIN}/${id}">Manage</a></td></tr></tbody></table>`
		: html`<p>No integration is active and set up.</p>`;
	return html`<p class="breadcrumb">Settings › Users</p><h1>Social Login</h1>${list}
<p class="help">To add or set up a way to log in, go to <a href="${INTEGRATIONS}">Third-Party Integrations</a>.</p>`;
}

export function manageLoginPage(
	plugin: InstalledPlugin,
	brands: readonly {
		readonly brand: Brand;
		readonly enabled: boolean;
		readonly complete: boolean;
	}[],
	csrf: string,
	message: Markup,
): Markup {
	const { id, name } = plugin.loaded.manifest;
	const toggles = brands.map(({ brand, enabled, complete }) => {
		const state = complete
			? enabled
				? html` checked`
				: ""
			: html` disabled aria-describedby="why-${brand.id}"`;
		const why = complete
			? ""
			: html`<p class="help" id="why-${brand.id}">${brand.name} has no keys yet, so it cannot be switched on. <a href="${INTEGRATIONS}/${id}?brand=${brand.id}">Enter its keys</a>.</p>`;
		return html`<div><label class="toggle"><input type="checkbox" role="switch" name="${brand.id}"${state}>${brand.name}</label>${why}</div>`;
	});
	return html`<p class="breadcrumb">Settings › Users › <a href="${SOCIAL_LOGIN}">Social Login</a></p><h1>${name}: brands</h1>${message}
<div class="card"><p>The log-in and register pages of these brands show the button.</p><form method="post" action="${SOCIAL_LOGIN}/${id}">${csrfField(csrf)}${toggles}<div class="actions"><button type="submit">Submit</button></div></form></div>`;
}

/** Text in which https addresses are links. */
function linked(sentence: string): Markup[] {
	return sentence
		.split(/(https:\/\/[^\s()]+[^\s().,])/)
		.map((part, index) =>
			index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
		);
}
