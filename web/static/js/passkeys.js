// Passkeys: a form with data-passkey has the browser make or prove one with its data-options, then sends the answer.
"use strict";

function bytesOf(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}

function textOf(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function wished(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const known of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) known.id = bytesOf(known.id);
  return { publicKey: options };
}

function written(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = textOf(response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response: parts, clientExtensionResults: {} });
}

// What goes wrong, or is given up, is said in the page's own words; nothing is sent then.
async function prove(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const made = await navigator.credentials[form.dataset.passkey](wished(form));
    form.querySelector("[data-passkey-answer]").value = written(made);
    form.submit();
  } catch {
    failed.textContent = form.dataset.failed;
    failed.hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  prove(form);
});
