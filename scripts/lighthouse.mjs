// Lighthouse: opens the pages that it is told of, one after the other, in a Chromium that is there; prints what it found of each as a line of JSON.

import { createInterface } from "node:readline";
import lighthouse, { desktopConfig } from "lighthouse";

const PHONE = undefined;
const SHOWN = 4;
const GOOD = 0.9;

function said({ title, displayValue, details }) {
  const items = Array.isArray(details?.items) ? details.items : [];
  const places = items.map((item) => item.node?.selector ?? item.url ?? item.description ?? item.reason);
  const where = places.filter(Boolean).slice(0, SHOWN).join(" | ");
  return [title, displayValue, where].filter(Boolean).join(": ");
}

for await (const line of createInterface({ input: process.stdin })) {
  const { url, width, cookie, categories, port } = JSON.parse(line);
  const flags = {
    port,
    logLevel: "silent",
    onlyCategories: categories,
    ignoreStatusCode: true,
    extraHeaders: { Cookie: cookie, "Accept-Language": "en-GB" },
  };
  const { lhr } = await lighthouse(url, flags, width === "desk" ? desktopConfig : PHONE);
  const scores = {};
  const lost = new Set();
  for (const [name, { score, auditRefs }] of Object.entries(lhr.categories)) {
    scores[name] = score === null ? null : Math.round(score * 100);
    for (const { id, weight } of auditRefs) {
      const audit = lhr.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < GOOD) lost.add(said(audit));
    }
  }
  const answer = { scores, lost: [...lost], refused: lhr.runtimeError?.message ?? "", came_to: lhr.finalDisplayedUrl };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
