#include "core/report/assets.hpp"

namespace gpsync::core::report {

// The page works without it. It shows the buttons that copy a fix, and keeps a live page up to date: an event
// of /events says that there is something new, and then the page is read again; where there are no events, it
// is read every 15 s. A section in which the reader has selected text, or has the focus, is left alone.
constinit const Markup kScript = R"js(
(() => {
  'use strict';
  const root = document.documentElement;
  function prepare(within) {
    for (const button of within.querySelectorAll('button.copy')) button.hidden = false;
  }
  async function copy(button) {
    const code = document.getElementById(button.dataset.copy);
    const selection = getSelection();
    selection.selectAllChildren(code);
    let done = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      done = true;
    } catch {
      done = document.execCommand('copy');
    }
    const label = button.firstChild;
    label.data = done ? 'Copied' : 'Selected';
    if (done) selection.removeAllRanges();
    setTimeout(() => { label.data = 'Copy'; }, 2000);
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button) copy(button);
  });
  prepare(document);
  if (!('live' in root.dataset) || !location.protocol.startsWith('http')) return;

  const live = document.getElementById('live');
  function inUse(part) {
    const selection = getSelection();
    if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
    return !selection.isCollapsed && part.contains(selection.anchorNode);
  }
  function keepOpen(from, to) {
    const states = [...from.querySelectorAll('details')].map((details) => details.open);
    [...to.querySelectorAll('details')].forEach((details, i) => { details.open = states[i] ?? false; });
  }
  function take(next) {
    document.title = next.title;
    for (const selector of ['.verdict', '#ages', 'link[rel=icon]', 'nav']) {
      const old = document.querySelector(selector), fresh = next.querySelector(selector);
      if (old && fresh && old.outerHTML !== fresh.outerHTML && !inUse(old)) old.replaceWith(fresh);
    }
    const main = document.querySelector('main'), fresh = next.querySelector('main');
    const used = [...main.children].some(inUse);
    const ids = (of) => [...of.children].map((part) => part.id).join();
    const sameParts = ids(main) === ids(fresh);
    if (used && !sameParts) return;
    if (!sameParts) { prepare(fresh); main.replaceWith(fresh); return; }
    for (const part of [...fresh.children]) {
      const old = document.getElementById(part.id);
      prepare(part);
      keepOpen(old, part);
      if (old.outerHTML !== part.outerHTML && !inUse(old)) old.replaceWith(part);
    }
  }
  let reading = false;
  async function read() {
    if (reading || document.hidden) return;
    reading = true;
    try {
      const answer = await fetch('/', { cache: 'no-store' });
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      live.textContent = answer.ok ? 'updates by itself' : 'no newer values: status ' + answer.status;
    } catch {
      live.textContent = 'the relay does not answer';
    }
    reading = false;
  }
  let polling = 0;
  const source = new EventSource('/events');
  source.addEventListener('changed', read);
  source.onopen = () => { live.textContent = 'updates by itself'; clearInterval(polling); polling = 0; };
  source.onerror = () => { if (!polling) polling = setInterval(read, 15000); };
  document.addEventListener('visibilitychange', read);
})();
)js";

}  // namespace gpsync::core::report
