import { hash } from "node:crypto";

/** The SHA-256 of a text in base64url: part of a key, or of a cookie, that does not show the text. */
export function digest(text: string): string {
	return hash("sha256", text, "base64url");
}
