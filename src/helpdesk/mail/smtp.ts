import { createTransport } from "nodemailer";
import type { Deliver } from "./outbox.ts";

const TIMEOUT_MS = 10_000;

/** Delivers letters through a mail server. @param url `smtp://user:password@host:port` or `smtps://…`. */
export function smtpDelivery(url: string, from: string): Deliver {
	const transport = createTransport({
		url,
		connectionTimeout: TIMEOUT_MS,
		greetingTimeout: TIMEOUT_MS,
		socketTimeout: TIMEOUT_MS,
		// The text of a letter must not make nodemailer open files or addresses.
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	return async ({ to, subject, text }) => {
		await transport.sendMail({ from, to: { name: "", address: to }, subject, text });
	};
}
