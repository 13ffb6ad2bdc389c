// An agent without Python: it is given permits for single messages, and what sends uses them up.

import createClient from "openapi-fetch";
import type { paths } from "./service.js";

const { POSTINTERVIEW_URL = "http://localhost:8000", POSTINTERVIEW_TOKEN = "", AGENT_TOKEN = "", SENDER_TOKEN = "" } =
  process.env;
type Act = paths["/processes/{key}/permit"]["post"]["requestBody"]["content"]["application/json"];
const [person, agent, sender] = [POSTINTERVIEW_TOKEN, AGENT_TOKEN, SENDER_TOKEN].map((token) =>
  createClient<paths>({ baseUrl: POSTINTERVIEW_URL, headers: { Authorization: `Bearer ${token}` } }),
) as [Client, Client, Client];
type Client = ReturnType<typeof createClient<paths>>;

/** Send one message if its permit is good for it. The agent never gets the sender's token. */
async function send(permit: string, to: string, deliver: (to: string) => void): Promise<string> {
  const { data, error, response } = await sender.POST("/permits/consume", { body: { permit, recipients: [to] } });
  if (data === undefined || response.status !== 201) {
    return `not sent: ${error && "reason" in error ? error.reason : response.status}`;
  }
  try {
    data.recipients.forEach(deliver); // as they were checked
    return `sent: ${data.text}`;
  } catch {
    // Only where it surely reached nobody. If nobody knows, the act has to stand.
    await sender.POST("/permits/failed", { body: { permit } });
    return "failed, and taken back";
  }
}

const now = Date.now();
const params = { path: { key: `acme-${now}` } };
const to = `ana@acme-${now}.example`;
const interview = new Date(now - 2 * 3600 * 1000).toISOString();
await person.PUT("/processes/{key}", { params, body: { employer: "Acme", timezone: "Europe/Zurich" } });
await person.POST("/processes/{key}/record", {
  params, body: { event: "interview", at: interview, fields: { interviewers: ["ana"] } },
});
await person.POST("/processes/{key}/recipients", { params, body: { recipient: to, person: "ana" } });

const note: Act = { event: "thank_you", to: "ana", fields: { thanks: true, topic: true, looking_forward: true } };
for (const deliver of [() => { throw new Error("no connection"); }, () => {}]) {
  const { data, error } = await agent.POST("/processes/{key}/permit", { params, body: note });
  if (data === undefined) throw new Error(error.detail ?? "no answer");
  console.log(await send(data.permit, "boss@acme.example", deliver));
  console.log(await send(data.permit, to, deliver));
  console.log(await send(data.permit, to, deliver));
}

// Now the rules refuse a second one: 409, why, and when it opens.
const { error, response } = await agent.POST("/processes/{key}/permit", { params, body: note });
if (error && "verdict" in error) console.log("refused:", response.status, error.verdict?.reasons[0]?.has);

// The agent's token is for no more than that.
console.log("an agent that sends past it:", (await agent.POST("/processes/{key}/do", { params, body: note })).response.status);
