import type { Brand } from "../../../src/contract/brands.ts";
import type { PluginEvent } from "../../../src/contract/events.ts";
import type { MailMessage } from "../../../src/contract/mail.ts";
import type { Secret } from "../../../src/contract/secret.ts";
import type { PortMutant, PortMutants } from "./port-mutant.ts";

const describing = (promise: string, change: (brand: Brand) => Partial<Brand>): PortMutant => ({
	breaks: [promise],
	ports: ({ brands }) => {
		const changed = (brand: Brand): Brand => ({ ...brand, ...change(brand) });
		return {
			brands: {
				find: async (brandId) => {
					const brand = await brands.find(brandId);
					return brand && changed(brand);
				},
				list: async () => (await brands.list()).map(changed),
			},
		};
	},
});

export const BRAND_MUTANTS: PortMutants = {
	"lists a brand that is gone": {
		breaks: ["finds each brand that it lists"],
		ports: ({ brands }) => ({
			brands: {
				find: (brandId) => brands.find(brandId),
				list: async () => {
					const listed = await brands.list();
					return [...listed, ...listed.slice(0, 1).map((brand) => ({ ...brand, id: "gone" }))];
				},
			},
		}),
	},

	"finds a brand by what is nearly its id": {
		breaks: ["finds no brand by an id that is none"],
		ports: ({ brands }) => ({
			brands: { find: (brandId) => brands.find(brandId.trim()), list: () => brands.list() },
		}),
	},

	"puts a query into its callback URLs": describing(
		"gives brands whose base URL is an origin and whose callback URL is below it",
		({ callbackUrl, id }) => ({ callbackUrl: `${callbackUrl}?brand=${id}` }),
	),

	"has one path for two routes": describing(
		"gives brands whose routes are paths of the portal, each its own",
		({ startPath }) => ({ continuePath: startPath }),
	),

	"gives its terms by a path": describing(
		"gives brands with a language, a name and what the law wants",
		() => ({ termsUrl: "/terms" }),
	),
};

const sending = (
	promise: string,
	change: (message: MailMessage) => MailMessage | undefined,
): PortMutant => ({
	breaks: [promise],
	ports: ({ mail }) => ({
		mail: {
			send: async (message) => {
				const changed = change(message);
				await (changed && mail.send(changed));
			},
		},
	}),
});

export const MAIL_MUTANTS: PortMutants = {
	"sends letters as markup": sending(
		"takes a letter into its queue as it was written",
		(message) => ({ ...message, text: message.text.replaceAll("<", "&lt;") }),
	),

	"loses a letter of twenty": sending("loses no letter of many", (message) =>
		message.to.includes("+7@") ? undefined : message,
	),
};

const emitting = (
	promise: string,
	change: (event: PluginEvent) => Partial<PluginEvent>,
): PortMutant => ({
	breaks: [promise],
	ports: ({ events }) => ({
		events: { emit: (event) => events.emit({ ...event, ...change(event) }) },
	}),
});

export const EVENT_MUTANTS: PortMutants = {
	"logs codes without a sentence": emitting("writes an event to its log", () => ({ message: "" })),

	"writes values as they are": {
		breaks: ["writes one entry for an event, whatever is in its fields"],
		handling: ({ log }) => ({
			log: () => {
				const entries = log().map((line): PluginEvent => JSON.parse(line));
				return entries.map(
					({ name, message, brandId, fields }) =>
						`${name} ${message} ${brandId} ${Object.entries(fields).join(" ")}`,
				);
			},
		}),
	},

	"prints what is in a secret": emitting(
		"prints no secret that is in an event by mistake",
		({ fields }) => {
			const revealed = Object.entries(fields).map(([name, value]) => {
				const secret = value as Partial<Secret> | null;
				return [name, secret?.reveal?.() ?? value];
			});
			return { fields: Object.fromEntries(revealed) };
		},
	),

	"logs whom an event is about": emitting(
		"keeps out of its log whom an event is about",
		({ userId, fields }) => ({
			fields: { ...fields, ...(userId !== undefined && { user: userId }) },
		}),
	),

	"throws when its log is full": {
		breaks: ["lets nobody wait for its log, and never throws"],
		ports: ({ events }) => ({
			events: {
				emit: (event) => {
					if (event.level === "error") {
						throw new Error("the log is full");
					}
					events.emit(event);
				},
			},
		}),
	},
};

export const CLOCK_AND_RANDOM_MUTANTS: PortMutants = {
	"tells the time of the machine": {
		breaks: ["tells the time of the helpdesk's clock"],
		ports: () => ({ clock: { now: () => Date.now() } }),
	},

	"gives 16 bytes at least": {
		breaks: ["gives as many random bytes as are asked for"],
		ports: ({ random }) => ({
			random: { bytes: (length) => random.bytes(Math.max(length, 16)) },
		}),
	},

	"draws no bytes anew": {
		breaks: ["gives other random bytes every time"],
		ports: () => ({ random: { bytes: (length) => new Uint8Array(length).fill(7) } }),
	},
};
