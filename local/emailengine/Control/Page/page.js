// The page asks for the whole state once a second and draws only what changed, so that focus and scrolling stay where they are.
const byId = id => document.getElementById(id);
const drawn = new Map();
let state;
let selected = { account: null, folder: "INBOX", message: null };
let messages = [];
let targetFolder = null;

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name in element && name !== "list") {
      element[name] = value;
    } else if (value !== null) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter(child => child !== null));
  return element;
}

function draw(id, data, render) {
  const container = byId(id);
  const key = JSON.stringify(data);
  if (drawn.get(id) === key) {
    return;
  }
  drawn.set(id, key);
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const top = container.scrollTop;
  container.replaceChildren(...[render()].flat().filter(node => node));
  container.scrollTop = top;
  if (focused) {
    // What was moved or deleted is gone: the keyboard goes on in the same list.
    const again = container.querySelector(`[data-key="${CSS.escape(focused.dataset.key ?? "")}"]`) ?? container.querySelector("button");
    (again ?? container).focus();
  }
}

async function call(method, path, body) {
  const response = await fetch("/simulator" + path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) {
    throw new Error(answer?.message ?? response.statusText);
  }
  return answer;
}

async function act(what, method, path, body) {
  try {
    const answer = await call(method, path, body);
    toast(what);
    await refresh();
    return answer;
  } catch (error) {
    toast(error.message);
    return null;
  }
}

let toastTimer;
function toast(text) {
  clearTimeout(toastTimer);
  byId("toast").replaceChildren(h("span", {}, text));
  toastTimer = setTimeout(() => byId("toast").replaceChildren(), 3000);
}

function time(text) {
  const date = new Date(text);
  const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return date.toDateString() === new Date().toDateString() ? clock : `${date.toLocaleDateString()} ${clock}`;
}

const person = one => one ? one.name || one.address : "";
const people = list => (list ?? []).map(one => one.name ? `${one.name} <${one.address}>` : one.address).join(", ");
const mailboxPath = suffix => `/mailboxes/${encodeURIComponent(selected.account)}${suffix}`;
const messagePath = suffix => mailboxPath(`/messages/${encodeURIComponent(selected.message)}${suffix}`);
const currentMailbox = () => state.mailboxes.find(mailbox => mailbox.account === selected.account);

const stateNames = {
  init: ["new", "wait"], connecting: ["connecting", "wait"], connected: ["connected", "good"],
  authenticationError: ["password refused", "bad"], connectError: ["unreachable", "bad"], unset: ["no IMAP", "wait"],
};

function pill(text, kind = "") {
  return h("span", { className: `pill ${kind}` }, text);
}

function select(key, value, options, onchange) {
  const element = h("select", { "data-key": key, onchange: event => onchange(event.target.value) },
    options.map(([name, text]) => h("option", { value: name }, text)));
  element.value = value;
  return element;
}

function drawMailboxes() {
  if (state.mailboxes.length === 0) {
    return h("p", { className: "empty" }, "No mailbox yet. Connect one from your application, or add one here.");
  }
  return state.mailboxes.flatMap(mailbox => {
    const isSelected = mailbox.account === selected.account;
    const [text, kind] = stateNames[mailbox.state] ?? [mailbox.state, ""];
    const row = h("button", {
      className: "row", "data-key": mailbox.account, "aria-expanded": String(isSelected),
      onclick: () => choose({ account: mailbox.account, folder: "INBOX", message: null }),
    }, h("span", { className: "mailbox" },
      h("span", { className: "initial", "aria-hidden": "true" }, (mailbox.name || mailbox.email || "?")[0].toUpperCase()),
      h("span", {},
        h("span", { className: "line" }, h("b", {}, mailbox.name || mailbox.email), pill(text, kind)),
        h("span", { className: "second" }, mailbox.email))));
    const folders = h("div", { className: "folders" }, mailbox.folders.map(folder => h("button", {
      className: "folder", "data-key": `${mailbox.account}/${folder.path}`, "aria-pressed": String(folder.path === selected.folder),
      onclick: () => choose({ account: mailbox.account, folder: folder.path, message: null }),
    }, h("span", {}, folder.path), h("span", { className: "muted" }, String(folder.messages || "")))));
    return isSelected && mailbox.folders.length ? [row, folders] : [row];
  });
}

function drawTools(mailbox) {
  if (!mailbox) {
    return null;
  }
  return h("div", { className: "tools" },
    h("label", {}, "Mail server", select("server", mailbox.server,
      [["healthy", "works"], ["refusesPassword", "refuses the password"], ["unreachable", "cannot be reached"]],
      behaviour => act("The mail server has changed.", "PUT", mailboxPath("/server"), { behaviour }))),
    h("label", {}, "Next sent mail", select("fault", mailbox.nextDelivery,
      [["none", "is delivered"], ["once", "fails once"], ["permanent", "fails for good"]],
      fault => act("Set for the next mail.", "PUT", mailboxPath("/next-delivery"), { fault }))),
    h("button", { className: "danger end", "data-key": "delete", onclick: removeMailbox }, "Delete mailbox"));
}

async function removeMailbox() {
  if (confirm(`Delete the mailbox ${currentMailbox().email}? Its waiting webhooks are discarded.`)) {
    await act("The mailbox is deleted.", "DELETE", mailboxPath(""));
  }
}

function drawMessages(mailbox) {
  if (!mailbox) {
    return h("p", { className: "empty" }, "Choose a mailbox.");
  }
  if (messages.length === 0) {
    return h("p", { className: "empty" }, `Nothing in ${selected.folder}.`);
  }
  return messages.flatMap(message => {
    const isSelected = message.id === selected.message;
    const other = message.messageSpecialUse === "\\Sent" ? `To: ${people(message.to)}` : person(message.from);
    const row = h("button", {
      className: message.unseen ? "row unseen" : "row", "data-key": message.id, "aria-expanded": String(isSelected),
      onclick: () => choose({ ...selected, message: isSelected ? null : message.id }),
    },
    h("span", { className: "line" }, h("span", {}, message.subject || "(no subject)"), h("time", {}, time(message.date))),
    h("span", { className: "second" }, other, message.attachments ? ` · ${message.attachments.length} attached` : "", message.bounces ? " · bounced" : ""));
    return isSelected ? [row, drawDetail(mailbox, message)] : [row];
  });
}

function drawDetail(mailbox, message) {
  const facts = [["From", people([message.from])], ["To", people(message.to)], ["Cc", people(message.cc)], ["Message-ID", message.messageId ?? "none"],
    ["In-Reply-To", message.inReplyTo], ["Flags", message.flags.join(" ")], ["Id", message.id]].filter(([, value]) => value);
  const others = mailbox.folders.filter(folder => folder.path !== selected.folder).map(folder => [folder.path, folder.path]);
  // The arrow keys choose in a closed list, so the list itself must not move anything.
  const isThere = others.some(([path]) => path === targetFolder);
  const target = select("target", isThere ? targetFolder : others[0]?.[0], others, folder => { targetFolder = folder; });
  target.setAttribute("aria-label", "Folder to move or copy to");
  const place = (verb, done) => button(verb, () => act(`${done} to ${target.value}.`, "POST", messagePath(`/${verb.toLowerCase()}`), { folder: target.value }));
  const button = (text, onclick, className = "") => h("button", { "data-key": text, className, onclick }, text);
  return h("div", { className: "detail" },
    h("dl", {}, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("div", { className: "buttons" },
      button("Let a reply arrive", () => compose(replyTo(message))),
      h("span", { className: "joined" }, place("Move", "Moved"), place("Copy", "Copied"), target),
      button(message.unseen ? "Mark as read" : "Mark as unread", () => act("The flags have changed.", "POST", messagePath("/flags"),
        message.unseen ? { add: ["\\Seen"] } : { delete: ["\\Seen"] })),
      button("Let it bounce", () => act("A delivery report has arrived in INBOX.", "POST", messagePath("/bounce"), {})),
      button("Delete", () => act("Deleted.", "DELETE", messagePath("")), "danger")));
}

function drawOutbox() {
  if (state.outbox.length === 0) {
    return null;
  }
  return [h("h3", {}, "Outbox"), ...state.outbox.map(mail => h("div", { className: "row" },
    h("span", { className: "line" }, h("span", {}, mail.subject || "(no subject)"), h("time", {}, mail.nextAttempt ? time(mail.nextAttempt) : "")),
    h("span", { className: "second" }, `${mail.account} → ${mail.envelope.to.join(", ")}`, mail.progress.error ? ` · ${mail.progress.error.message}` : "")))];
}

const webhookKinds = { queued: "wait", retrying: "wait", delivered: "good", failed: "bad", skipped: "" };
function webhookState(webhook) {
  switch (webhook.state) {
    case "delivered": return `${webhook.status}${webhook.attemptsMade > 1 ? ` after ${webhook.attemptsMade}` : ""}`;
    case "retrying": return `${webhook.status ?? "no answer"}, ${webhook.attemptsMade} of 10`;
    case "failed": return `gone after ${webhook.attemptsMade}`;
    default: return webhook.state;
  }
}

function drawWebhooks() {
  if (state.webhooks.length === 0) {
    return h("p", { className: "empty" }, "Nothing has been announced yet.");
  }
  return state.webhooks.map(webhook => h("button", { className: "row", "data-key": String(webhook.id), onclick: () => showWebhook(webhook.id) },
    h("span", { className: "line" }, h("b", {}, webhook.event), pill(webhookState(webhook), webhookKinds[webhook.state])),
    h("span", { className: "line muted" }, h("span", {}, webhook.account),
      h("time", {}, webhook.nextAttempt ? `next ${time(webhook.nextAttempt)}` : time(webhook.queuedAt)))));
}

async function showWebhook(id) {
  const { webhook, body, attempts } = await call("GET", `/webhooks/${id}`);
  byId("webhook-dialog-title").textContent = `${webhook.event} · ${webhook.account}`;
  byId("webhook-attempts").replaceChildren(attempts.length === 0
    ? h("p", { className: "muted" }, `Not sent: ${webhook.state}.`)
    : h("ol", {}, attempts.map(attempt => h("li", {}, `${time(attempt.at)} · ${attempt.status ?? "no answer"} · ${attempt.error ?? "accepted"}`))));
  byId("webhook-body").textContent = pretty(body);
  if (await ask("webhook-dialog") === "resend") {
    await act("Queued once more, with the same event id.", "POST", `/webhooks/${id}/resend`);
  }
}

function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function ask(id) {
  const dialog = byId(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

const parsePerson = text => {
  const match = /^\s*"?([^"<]*?)"?\s*<([^>]+)>\s*$/.exec(text);
  return match ? { name: match[1], address: match[2].trim() } : { address: text.trim() };
};
const parsePeople = text => (text.match(/(?:"[^"]*"|[^,])+/g) ?? []).map(part => part.trim()).filter(Boolean).map(parsePerson);

function replyTo(message) {
  const answerTo = message.messageSpecialUse === "\\Sent" ? message.to?.[0] : message.from;
  return {
    from: people([answerTo ?? message.from]), subject: /^re:/i.test(message.subject ?? "") ? message.subject : `Re: ${message.subject ?? ""}`,
    text: "Thank you, that works for us.\n", inReplyTo: message.messageId ?? "",
  };
}

async function compose(draft = {}) {
  const mailbox = currentMailbox();
  const form = byId("compose-dialog").querySelector("form");
  form.reset();
  form.elements.folder.replaceChildren(...mailbox.folders.map(folder => h("option", { value: folder.path }, folder.path)));
  const values = {
    from: "Bob Buyer <bob@example.org>", to: people([{ name: mailbox.name, address: mailbox.email }]), subject: "Pricing question", text: "How much?\n", ...draft,
  };
  for (const [name, value] of Object.entries(values)) {
    form.elements[name].value = value;
  }
  if (await ask("compose-dialog") === "ok") {
    await act("The mail has arrived.", "POST", mailboxPath("/messages"), await readMail(form.elements));
  }
}

async function readMail(fields) {
  const headers = fields.headers.value.split("\n").map(line => /^([^:\s]+):\s*(.*)$/.exec(line)).filter(Boolean).map(match => [match[1], match[2]]);
  const attachments = await Promise.all([...fields.files.files].map(async file => ({
    filename: file.name, contentType: file.type || "application/octet-stream", content: await base64(file),
  })));
  return {
    from: parsePerson(fields.from.value), to: parsePeople(fields.to.value), cc: parsePeople(fields.cc.value), folder: fields.folder.value,
    subject: fields.subject.value, text: fields.text.value, headers: Object.fromEntries(headers), attachments,
    messageId: fields.noMessageId.checked ? "" : fields.messageId.value || null,
    inReplyTo: fields.inReplyTo.value || null, references: fields.inReplyTo.value || null,
  };
}

const base64 = file => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

async function addMailbox() {
  const form = byId("mailbox-dialog").querySelector("form");
  form.reset();
  if (await ask("mailbox-dialog") === "ok") {
    const { name, email, account } = form.elements;
    const added = await act("The mailbox is added.", "POST", "/mailboxes", { name: name.value, email: email.value, account: account.value || null });
    if (added) {
      await choose({ account: added.account, folder: "INBOX", message: null });
    }
  }
}

async function choose(next) {
  selected = next;
  await refresh();
}

function drawSwitches() {
  const fields = byId("switches").elements;
  fields.receiverUp.checked = !state.switches.receiverDown;
  fields.rewriteMessageIds.checked = state.switches.rewriteMessageIds;
  fields.sentCopy.value = state.switches.sentCopy;
  fields.api.value = state.switches.api;
}

function changeSwitches() {
  const fields = byId("switches").elements;
  act("Switched.", "PUT", "/switches", {
    receiverDown: !fields.receiverUp.checked, rewriteMessageIds: fields.rewriteMessageIds.checked, sentCopy: fields.sentCopy.value, api: fields.api.value,
  });
}

function drawAll() {
  const mailbox = currentMailbox();
  const waiting = state.webhooks.filter(webhook => webhook.state === "queued" || webhook.state === "retrying").length;
  byId("messages-title").textContent = mailbox ? `${mailbox.name || mailbox.email} · ${selected.folder}` : "Messages";
  byId("compose").disabled = !mailbox || mailbox.folders.length === 0;
  byId("webhook-summary").replaceChildren(...[state.switches.receiverDown && pill("outage", "bad"), waiting > 0 && ` ${waiting} waiting`].filter(Boolean));
  draw("mailboxes", [state.mailboxes, selected], drawMailboxes);
  draw("mailbox-tools", [selected.account, mailbox?.server, mailbox?.nextDelivery], () => drawTools(mailbox));
  draw("messages", [messages, selected, mailbox?.folders.length], () => drawMessages(mailbox));
  draw("outbox", state.outbox, drawOutbox);
  draw("webhooks", state.webhooks, drawWebhooks);
}

async function refresh() {
  state = await call("GET", "/state");
  if (!currentMailbox()) {
    selected = { account: state.mailboxes[0]?.account ?? null, folder: "INBOX", message: null };
  }
  messages = selected.account ? await call("GET", mailboxPath(`/messages?folder=${encodeURIComponent(selected.folder)}`)) : [];
  drawSwitches();
  drawAll();
}

async function poll() {
  try {
    if (!document.hidden) {
      await refresh();
    }
    byId("offline").hidden = true;
  } catch {
    byId("offline").hidden = false;
  }
  setTimeout(poll, 1000);
}

byId("switches").addEventListener("change", changeSwitches);
byId("compose").addEventListener("click", () => compose());
byId("add-mailbox").addEventListener("click", addMailbox);
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
poll();
