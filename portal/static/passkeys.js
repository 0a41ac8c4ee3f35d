// Passkeys alone need a script. Whatever fails here is sent without an answer, and the portal says what to do instead.
async function answerOf(form) {
  const asked = await fetch(form.dataset.passkeyChallenge, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  const question = await asked.json();
  const credential =
    form.dataset.passkeyAct === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  return JSON.stringify(credential.toJSON());
}

for (const note of document.querySelectorAll("[data-passkey-note]")) note.hidden = true;

for (const form of document.querySelectorAll("form[data-passkey-challenge]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.answer.value = await answerOf(form);
    } catch {
      form.elements.answer.value = "";
    }
    form.submit();
  });
}
