// The picture on a receipt carries the query code behind "#": it is put into its box here, and no server is told of it.
const box = document.querySelector('input[name="code"]');
const code = /^#q=([A-Z0-9]{8})$/.exec(location.hash)?.[1];

if (box && code) {
  if (!box.value) box.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
