import type { Context } from "hono";
import { type Actor, type DeedObject, NOBODY } from "../audit/audit-entry.ts";
import type { DeedName } from "../audit/deeds.ts";
import type { FailureCounts } from "../audit/failure-counts.ts";
import type { FormRefusal } from "./form-refusal.ts";
import { type Place, sessionOf, type VisitEnv } from "./visit.ts";

interface RefusalNoteParts {
	readonly place: Place;
	readonly failures: Pick<FailureCounts, "note">;
	/** The network of the visitor, by which attempts are counted. */
	readonly networkOf: (c: Context) => string;
}

/** Notes in the audit trail what one place refused, as bounded as log-ins that failed. No note has what was typed. */
export class RefusalNotes {
	private readonly kind: "operator" | "user";

	constructor(private readonly parts: RefusalNoteParts) {
		this.kind = parts.place.role === "admin" ? "operator" : "user";
	}

	/** @param reason a word for it, or where it was refused: a method and the pattern of a route, or `another-page`. */
	async note(c: Context<VisitEnv>, name: DeedName, reason: string): Promise<void> {
		const { subjectId } = c.var.visit;
		const actor: Actor = subjectId === undefined ? NOBODY : { kind: this.kind, id: subjectId };
		const network = this.parts.networkOf(c);
		await this.parts.failures.note({ name, actor, network, reason }, async () => undefined);
	}

	/** Notes a form that was refused before anybody looked who is logged in: another site may have sent it. */
	async noteForm(c: Context, reason: FormRefusal): Promise<void> {
		const name = `${this.kind}.form-refused` as const;
		const network = this.parts.networkOf(c);
		await this.parts.failures.note({ name, actor: NOBODY, network, reason }, () => this.ownerOf(c));
	}

	/** The person in whose session a form came, if any. */
	private async ownerOf(c: Context): Promise<DeedObject | undefined> {
		const session = await sessionOf(c, this.parts.place);
		return session && { kind: this.kind, id: session.subjectId };
	}
}
