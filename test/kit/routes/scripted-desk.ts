import type { CurrentUser, LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import type { RoutedPlugin, RouteOptions } from "../../../src/routes/route-options.ts";
import {
	type FetchAt,
	type FetchHandler,
	toFetchHandler,
} from "../../../src/routes/to-fetch-handler.ts";
import { formsIn, submissionOf } from "../../../src/testing/forms-in.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { MockUsers } from "../../../src/testing/mock-host/mock-users.ts";

export const ACORN = mockBrand("acorn", { baseUrl: "https://acorn.example" });
export const HARBOR = mockBrand("harbor", { baseUrl: "https://harbor.example", locale: "de" });

type Options = RouteOptions<FetchAt<unknown>>;

/** A desk whose plugin answers as a test says. */
export class ScriptedDesk {
	readonly users = new MockUsers();
	/** The requests that reached login hooks. */
	readonly requests: LoginRequest[] = [];
	/** Who is logged in. */
	current: CurrentUser | undefined;
	readonly reports: unknown[] = [];
	/** What the plugin answers. */
	answer: (request: LoginRequest) => Promise<LoginResponse> = async () => SEEN;
	readonly routes: FetchHandler<unknown>;

	constructor(
		changes: Partial<Options> = {},
		pluginsOf = (desk: ScriptedDesk): readonly RoutedPlugin[] => [desk.plugin("probe")],
	) {
		this.routes = toFetchHandler({
			plugins: pluginsOf(this),
			users: this.users,
			currentUser: () => this.current,
			openSession: async (_, { id }) => {
				this.current = { id, provenAt: 1 };
			},
			closeSession: async () => {
				this.current = undefined;
			},
			showPage: (_, { title, html }) => `<title>${title}</title>${html}`,
			clientAddress: () => "192.0.2.7",
			report: (error, of) => void this.reports.push([of.pluginId, of.hook, error]),
			...changes,
		});
	}

	/** A plugin with the login hooks, a button and more hooks. */
	plugin(id: string, hooks: Partial<Plugin> = {}): RoutedPlugin {
		const brands = [ACORN, HARBOR];
		const ask = async (request: LoginRequest): Promise<LoginResponse> => {
			this.requests.push(request);
			return this.answer(request);
		};
		return {
			manifest: {
				id,
				capabilities: { network: [], navigation: [`https://${id}.example`], ports: [] },
			},
			plugin: {
				startLogin: ask,
				handleCallback: ask,
				continueLogin: ask,
				renderLoginButtons: async () => [buttonOf(id)],
				...hooks,
			},
			brands: {
				find: async (brandId) => brands.find((brand) => brand.id === brandId),
				list: async () => brands,
			},
		};
	}
}

const SEEN: LoginResponse = {
	kind: "page",
	page: {
		status: 200,
		title: "Seen",
		html: `<form method="post" action="${ACORN.continuePath}"><input name="step" value="1"></form>`,
	},
};

function buttonOf(id: string) {
	return {
		id,
		label: `Log in with ${id}`,
		intent: "log-in",
		action: ACORN.startPath,
		method: "post",
		fields: { button: id },
		icon: "<svg/>",
		order: id.length,
		html: `<form method="post" action="${ACORN.startPath}"><input type="hidden" name="button" value="${id}"><button>in</button></form>`,
	} as const;
}

/** A browser at a desk. It keeps cookies. */
export class DeskVisitor {
	readonly cookies = new Map<string, string>();

	constructor(
		private readonly desk: ScriptedDesk,
		readonly baseUrl = ACORN.baseUrl,
	) {}

	async request(path: string, init: RequestInit = {}): Promise<Response> {
		const answer = await this.desk.routes(this.requestTo(path, init));
		this.keep(answer.headers.getSetCookie());
		return answer;
	}

	/** Opens the log-in page and presses its first button. */
	async press(more: readonly (readonly [string, string])[] = [], headers = {}): Promise<Response> {
		const { action, fields } = await this.button();
		return this.post(action, [...fields, ...more], headers);
	}

	/** The form of the first button. */
	async button() {
		const page = { page: "login", returnPath: "/" } as const;
		const { buttons, cookies } = await this.desk.routes.buttons(this.requestTo("/login"), page);
		this.keep(cookies);
		const [form] = formsIn(buttons[0]?.html ?? "");
		return form === undefined ? { action: "", fields: [] } : submissionOf(form);
	}

	async post(
		path: string,
		fields: readonly (readonly [string, string])[],
		headers: Readonly<Record<string, string>> = {},
	): Promise<Response> {
		const body = new URLSearchParams(
			fields.map(([name, value]): [string, string] => [name, value]),
		);
		return this.request(path, { method: "POST", body, headers });
	}

	requestTo(path: string, init: RequestInit = {}): Request {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const headers = { ...Object.fromEntries(new Headers(init.headers)), ...(cookie && { cookie }) };
		return new Request(`${this.baseUrl}${path}`, { ...init, headers });
	}

	private keep(lines: readonly string[]): void {
		for (const line of lines) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			this.cookies.set(name, value);
			if (line.includes("Max-Age=0")) {
				this.cookies.delete(name);
			}
		}
	}
}
