// Passkeys, and keeping recovery codes. Codes of an app need no script.
(() => {
"use strict";
const options = JSON.parse(document.getElementById("passkey-options")?.textContent || "{}");

async function askedFor(form) {
  if (options.request_options) return options.request_options;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function made(form) {
  const wanted = structuredClone(options.creation_options);
  const isAlone = Boolean(form.elements.passwordless?.checked);
  const selection = wanted.publicKey.authenticatorSelection;
  selection.residentKey = isAlone ? "required" : "discouraged";
  selection.requireResidentKey = isAlone;
  if (isAlone) selection.userVerification = "required";
  return webauthnJSON.create(wanted);
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const form = button.form;
    try {
      const isNew = button.dataset.passkey === "add";
      const credential = isNew ? await made(form) : await webauthnJSON.get(await askedFor(form));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      const told = form.querySelector("[data-passkey-failed]");
      told.hidden = false;
      told.textContent = button.dataset.failed;
    }
  });
}

const codes = document.querySelector("[data-recovery-codes]");
const print = document.querySelector("[data-print]");
const download = document.querySelector("[data-download-codes]");
if (codes && print && download) {
  print.hidden = download.hidden = false;
  print.addEventListener("click", () => window.print());
  download.addEventListener("click", () => {
    const text = [...codes.querySelectorAll("code")].map((code) => code.textContent).join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\r\n`], { type: "text/plain" }));
    link.download = codes.dataset.recoveryCodes;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
})();
