// A tracker without Python: it records an interview, asks the rules, and acts only where they allow it.

import createClient from "openapi-fetch";
import type { paths } from "./service.js";

const { POSTINTERVIEW_URL = "http://localhost:8000", POSTINTERVIEW_TOKEN = "" } = process.env;
type Act = paths["/processes/{key}/do"]["post"]["requestBody"]["content"]["application/json"];
const service = createClient<paths>({
  baseUrl: POSTINTERVIEW_URL,
  headers: { Authorization: `Bearer ${POSTINTERVIEW_TOKEN}` },
});

/** Return the answer. Any problem is an error, with what the service says about it. */
async function answered<T>(asked: Promise<{ data?: T; error?: { detail?: string | null } }>): Promise<T> {
  const { data, error } = await asked;
  if (data === undefined) throw new Error(error?.detail ?? "no answer");
  return data;
}

const now = Date.now();
const day = 24 * 3600 * 1000;
const params = { path: { key: `acme-${now}` } }; // a key of yours, such as the id of a row
const interview = new Date(now - 2 * 3600 * 1000).toISOString();
const decide_by = new Date(now + 7 * day).toISOString().slice(0, 10);

await answered(service.PUT("/processes/{key}", { params, body: { employer: "Acme", timezone: "Europe/Zurich" } }));
const talk = { interviewers: ["ana"], decide_by };
await answered(
  service.POST("/processes/{key}/record", { params, body: { event: "interview", at: interview, fields: talk } }),
);

// The rules say whether an act is allowed now, and until when.
const note: Act = { event: "thank_you", to: "ana", fields: { thanks: true, topic: true, looking_forward: true } };
const may = await answered(service.POST("/processes/{key}/may", { params, body: note }));
console.log("may:", may.text);

// Record it first, with a key of its own, and send only on 201: a repeated request is answered with 200.
const once = { ...params, header: { "Idempotency-Key": "note-1" } };
for (const attempt of [1, 2]) {
  const { response } = await service.POST("/processes/{key}/do", { params: once, body: note });
  console.log(`attempt ${attempt}:`, response.status, response.status === 201 ? "send it" : "don't send it");
}

// A refusal is 409: why, and when it opens.
const call: Act = { event: "follow_up", fields: { channel: "call" } };
const { error, response } = await service.POST("/processes/{key}/do", { params, body: call });
if (error && "verdict" in error) {
  console.log("refused:", response.status, error.verdict.opens_at);
  for (const reason of error.verdict.reasons) console.log(" ", reason.has, "- it needs", reason.needs);
}

// Companies whose histories you keep yourself: all at once.
const cases = ["Beta", "Gamma"].map((name, n) => ({
  name, employer: name, timezone: "Europe/Zurich",
  steps: [{ at: new Date(now - (n + 2) * day).toISOString(), event: "interview", with: { interviewers: ["bo"] } }],
}));
const next = await answered(service.POST("/next", { body: { at: new Date(now).toISOString(), cases } }));
for (const each of next.answers) console.log(each.name, "-", each.agenda?.[0]?.text);
