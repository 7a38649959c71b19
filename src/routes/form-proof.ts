import { parse, serialize } from "hono/utils/cookie";
import type { FormField } from "../contract/login-request.ts";
import type { Random } from "../contract/random.ts";
import { type CookiePlace, cookieTraits, encoded } from "./plugin-cookies.ts";

/** The name of the field. */
const FIELD = "login_form";
const TOKEN = /^[0-9a-f]{64}$/;

/** The CSRF field of a browser. */
export interface FormProof {
	readonly field: FormField;
	/** The `Set-Cookie` values that the field needs: none where the browser has the cookie. */
	readonly cookies: readonly string[];
}

/**
 * The field that proves a form: it has the value of a cookie that only the brand's own pages can read and set. Another
 * site can neither see the cookie nor, because of its prefix `__Host-`, plant one.
 *
 * @param header the `Cookie` header. Undefined: there is none.
 */
export function formProof(
	header: string | undefined,
	place: CookiePlace,
	random: Random,
): FormProof {
	const known = tokenIn(header, place);
	if (known !== undefined) {
		return { field: [FIELD, known], cookies: [] };
	}
	const token = Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
	const cookie = serialize(cookieName(place), token, cookieTraits(place).options);
	return { field: [FIELD, token], cookies: [cookie] };
}

/** Whether a form has the proof of the browser that sent it. */
export function isProven(
	header: string | undefined,
	place: CookiePlace,
	form: readonly FormField[],
): boolean {
	const proofs = form.filter(([name]) => name === FIELD);
	return proofs.length === 1 && proofs[0]?.[1] === tokenIn(header, place);
}

/** A form as the plugin gets it. */
export function withoutProof(form: readonly FormField[]): readonly FormField[] {
	return form.filter(([name]) => name !== FIELD);
}

function tokenIn(header: string | undefined, place: CookiePlace): string | undefined {
	const token = parse(header ?? "")[cookieName(place)];
	return token !== undefined && TOKEN.test(token) ? token : undefined;
}

function cookieName(place: CookiePlace): string {
	return `${cookieTraits(place).prefix}login-form.${encoded(place.brandId)}`;
}
