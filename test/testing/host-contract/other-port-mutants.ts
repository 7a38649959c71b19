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
		breaks: ["find returns each brand that list returns"],
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

	"finds a brand by an inexact id": {
		breaks: ["find returns no brand for an unknown id"],
		ports: ({ brands }) => ({
			brands: { find: (brandId) => brands.find(brandId.trim()), list: () => brands.list() },
		}),
	},

	"puts a query into its callback URLs": describing(
		"A brand's base URL is an origin, and its callback URL lies below it",
		({ callbackUrl, id }) => ({ callbackUrl: `${callbackUrl}?brand=${id}` }),
	),

	"has one path for two routes": describing(
		"A brand's routes are different paths of its portal",
		({ startPath }) => ({ continuePath: startPath }),
	),

	"links to its terms by a path": describing(
		"A brand has a language, a name and links to its privacy policy and terms",
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
	"sends letters as markup": sending("A letter is queued as it was written", (message) => ({
		...message,
		text: message.text.replaceAll("<", "&lt;"),
	})),

	"loses a letter of twenty": sending("No letter of many is lost", (message) =>
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
	"logs codes without a sentence": emitting("An event is written to the log", () => ({
		message: "",
	})),

	"writes values without escaping": {
		breaks: ["An event is one entry of the log, whatever its fields contain"],
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

	"prints the content of a secret": emitting(
		"A secret in an event does not reach the log",
		({ fields }) => {
			const revealed = Object.entries(fields).map(([name, value]) => {
				const secret = value as Partial<Secret> | null;
				return [name, secret?.reveal?.() ?? value];
			});
			return { fields: Object.fromEntries(revealed) };
		},
	),

	"logs the user of an event": emitting(
		"The subject and the user of an event do not reach the log",
		({ userId, fields }) => ({
			fields: { ...fields, ...(userId !== undefined && { user: userId }) },
		}),
	),

	"throws when its log is full": {
		breaks: ["Emitting an event never waits and never throws"],
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
	"uses the clock of the machine": {
		breaks: ["The clock port tells the time of the helpdesk's clock"],
		ports: () => ({ clock: { now: () => Date.now() } }),
	},

	"returns at least 16 bytes": {
		breaks: ["The random port returns as many bytes as asked for"],
		ports: ({ random }) => ({
			random: { bytes: (length) => random.bytes(Math.max(length, 16)) },
		}),
	},

	"returns the same bytes every time": {
		breaks: ["The random port returns different bytes every time"],
		ports: () => ({ random: { bytes: (length) => new Uint8Array(length).fill(7) } }),
	},
};
