// Opens a page in headless Chromium at some widths and in both colour schemes, and says what it finds there:
//   node browse.js '{"url": …, "widths": [360, 1600], "schemes": ["light", "dark"], "pictures": FOLDER, "until": EXPRESSION,
//                    "ask": {NAME: EXPRESSION, …}, "headers": {…}}'
// prints a JSON document for each: width, scheme, title, what the console said, what axe-core found, how much wider than
// the window the page is, the answers to "ask", and where the picture is. "until": the page is looked at once this holds.
// Chromium is spoken to by its DevTools protocol over a pipe, so nothing listens anywhere.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const LONGEST_MS = Number(process.env.PG_TEST_TIMEOUT_DEFAULT || 180) * 1000;

class Browser {
  constructor(profile) {
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions',
      `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'];
    this.process = spawn(process.env.CHROMIUM || 'chromium', options, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    this.said = '';
    this.process.stderr.on('data', (data) => { this.said = (this.said + data).slice(-4000); });
    this.calls = new Map();
    this.listeners = new Map();
    this.last = 0;
    this.rest = '';
    this.process.stdio[4].on('data', (data) => this.read(data.toString()));
    this.process.on('exit', () => {
      for (const { reject } of this.calls.values()) reject(new Error('Chromium has ended: ' + this.said));
    });
  }

  read(text) {
    const messages = (this.rest + text).split('\0');
    this.rest = messages.pop();
    for (const message of messages.map((m) => JSON.parse(m))) {
      const call = this.calls.get(message.id);
      this.calls.delete(message.id);
      if (call) message.error ? call.reject(new Error(message.error.message)) : call.resolve(message.result);
      else this.listeners.get(message.sessionId)?.(message.method, message.params);
    }
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    return new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
  }

  // Asked to, it takes its other processes with it.
  async end() {
    const ended = new Promise((resolve) => this.process.on('exit', resolve));
    const kill = setTimeout(() => this.process.kill('SIGKILL'), 20000);
    if ((this.process.exitCode ?? this.process.signalCode) === null) {
      this.call('Browser.close').catch(() => {});
      await ended;
    }
    clearTimeout(kill);
  }
}

class Page {
  static async open(browser) {
    const { targetId } = await browser.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.call('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page();
    Object.assign(page, { browser, targetId, sessionId, console: [], loaded: false });
    browser.listeners.set(sessionId, (method, params) => page.hear(method, params));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.call(`${domain}.enable`);
    return page;
  }

  call(method, params) { return this.browser.call(method, params, this.sessionId); }

  hear(method, params) {
    if (method === 'Page.loadEventFired') this.loaded = true;
    if (method === 'Log.entryAdded') this.console.push(`${params.entry.level}: ${params.entry.text}`);
    if (method === 'Runtime.consoleAPICalled') this.console.push(`${params.type}: ${params.args.map((a) => a.value ?? a.description).join(' ')}`);
    if (method === 'Runtime.exceptionThrown') this.console.push(`exception: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
  }

  async evaluate(expression) {
    const answer = await this.call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    return answer.result.value;
  }

  async wait(condition, what) {
    const end = Date.now() + LONGEST_MS;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`timeout while waiting until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function look(browser, task, width, scheme) {
  const page = await Page.open(browser);
  await page.call('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: task.scale || 1, mobile: false });
  await page.call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  if (task.headers) await page.call('Network.setExtraHTTPHeaders', { headers: task.headers });
  const { errorText } = await page.call('Page.navigate', { url: task.url });
  if (errorText) throw new Error(`${task.url}: ${errorText}`);
  await page.wait(() => page.loaded, 'the page is loaded');
  if (task.until) await page.wait(() => page.evaluate(task.until), task.until);
  const answers = {};
  for (const [name, expression] of Object.entries(task.ask || {})) answers[name] = await page.evaluate(expression);
  await page.evaluate(axe);
  const violations = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then((results) => results.violations
    .map((v) => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')))`);
  const beyond = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const found = { width, scheme, title: await page.evaluate('document.title'), console: page.console, violations, beyond, answers };
  if (task.pictures) {
    const { data } = await page.call('Page.captureScreenshot', { captureBeyondViewport: !task.window, ...(task.window ? {} : { clip: await whole(page, width) }) });
    found.picture = path.join(task.pictures, `${task.name || 'page'}-${width}-${scheme}.png`);
    fs.writeFileSync(found.picture, Buffer.from(data, 'base64'));
  }
  await browser.call('Target.closeTarget', { targetId: page.targetId });
  return found;
}

async function whole(page, width) {
  return { x: 0, y: 0, width, height: await page.evaluate('document.documentElement.scrollHeight'), scale: 1 };
}

async function main(task) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'gpsync-chromium-'));
  const browser = new Browser(profile);
  try {
    for (const width of task.widths || [360, 1100, 1600])
      for (const scheme of task.schemes || ['light', 'dark']) console.log(JSON.stringify(await look(browser, task, width, scheme)));
  } finally {
    await browser.end();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

main(JSON.parse(process.argv[2])).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
