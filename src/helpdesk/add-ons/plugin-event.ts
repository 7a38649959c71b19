import type { PluginEvent } from "../../contract/events.ts";

const LEVELS = ["info", "warn", "error"] as const;
const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i;
const MOST_NAME = 64;
const MOST_MESSAGE = 1000;
const MOST_FIELDS = 50;
/** How many characters the names and values of all fields have together. */
const MOST_CHARACTERS = 8000;
const MOST_ID = 128;
/** Events that only the helpdesk logs: names that begin like this, and these names. */
const OWN_PREFIXES = [
	...["helpdesk.", "add-on.", "registration.", "start.", "brands.", "openid.", "hand-off."],
	...["administration.", "audit.", "people.", "plugin."],
];
const OWN_NAMES = ["mail.unusable", "storage.not-durable"];

type Field = PluginEvent["fields"][string];

/**
 * A plugin's event as plain data of a limited size. Each property is read once. An event that cannot be read, or that has
 * the name of one of the helpdesk's own events, becomes a warning in its place. Never throws.
 */
export function copyOfEvent(event: unknown): PluginEvent {
	try {
		return readEvent(Object(event));
	} catch {
		return refused("an add-on emitted an event that cannot be read");
	}
}

function readEvent(event: Readonly<Record<keyof PluginEvent, unknown>>): PluginEvent {
	const { name, level, message, brandId, subject, userId, fields } = event;
	if (typeof name !== "string" || name.length > MOST_NAME || !NAME.test(name)) {
		return refused("an add-on emitted an event with a name that is not dotted words");
	}
	if (isOwn(name.toLowerCase())) {
		return refused("an add-on emitted an event with a name that only the helpdesk uses");
	}
	return {
		name,
		level: LEVELS.find((each) => each === level) ?? "warn",
		message: typeof message === "string" ? message.slice(0, MOST_MESSAGE) : "",
		...(isId(brandId) && { brandId }),
		...(isSecret(subject) && { subject }),
		...(isId(userId) && { userId }),
		fields: fieldsOf(Object(fields)),
	};
}

function isOwn(name: string): boolean {
	return OWN_NAMES.includes(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function isId(value: unknown): value is string {
	return typeof value === "string" && value.length <= MOST_ID;
}

function isSecret(value: unknown): value is NonNullable<PluginEvent["subject"]> {
	return typeof value === "object" && value !== null;
}

/** Leaves out values of other types, a secret for example, and what is too long. */
function fieldsOf(fields: Readonly<Record<string, unknown>>): PluginEvent["fields"] {
	let left = MOST_CHARACTERS;
	const taken = (text: string): string => {
		const part = text.slice(0, left);
		left -= part.length;
		return part;
	};
	const copied: [string, Field][] = [];
	for (const name of Object.keys(fields).slice(0, MOST_FIELDS)) {
		const value = fields[name];
		if (typeof value === "string") {
			copied.push([taken(name), taken(value)]);
		} else if (value === null || typeof value === "number" || typeof value === "boolean") {
			copied.push([taken(name), value]);
		}
	}
	return Object.fromEntries(copied);
}

function refused(message: string): PluginEvent {
	return { name: "plugin.event-refused", level: "warn", message, fields: {} };
}
