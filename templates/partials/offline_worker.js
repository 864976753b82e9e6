{% load static %}{% comment %}form: the page of the form; copy: what is kept of it; draft_key: the name of the form.{% endcomment %}// Answers for one form when there is no line. Its address limits it to that form's pages; offline.js fills the store.
// See docs/offline.md.
"use strict";
const STORE = "portal-form:{{ draft_key }}";
const COPY = "{{ copy }}";
const KEPT_FOR = 7 * 24 * 3600e3;
const AWAY = [502, 503, 504];

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && new URL(request.url).pathname.startsWith("{% get_static_prefix %}")) event.respondWith(part(request));
});

async function page(request) {
  const isForm = new URL(request.url).pathname === "{{ form }}";
  const answer = await fetch(request).catch(() => null);
  if (answer && !AWAY.includes(answer.status)) return answer;
  return (isForm && await kept()) || answer || Response.error();
}

async function kept() {
  const copy = await caches.match(COPY, { cacheName: STORE });
  if (!copy) return null;
  if (Date.now() - new Date(copy.headers.get("Date")) < KEPT_FOR) return copy;
  await caches.delete(STORE);
  return null;
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return await caches.match(request, { cacheName: STORE }) || Response.error();
  }
}
