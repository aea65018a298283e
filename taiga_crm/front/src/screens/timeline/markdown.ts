/**
 * Comments in Markdown, made harmless: no HTML passes, links lead to the web or to a mail program alone,
 * images are not loaded, and nothing that is typed becomes an attribute of its own.
 */
import MarkdownIt, { type StateCore, type Token } from 'markdown-it';

const SAFE = /^(https?:|mailto:)/i;
const MENTION = /(?<![\p{L}\p{N}_@./])@[\p{L}\p{N}_](?:[\p{L}\p{N}_.+-]*[\p{L}\p{N}_])?/gu;

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
markdown.disable('image');
markdown.validateLink = (address) => SAFE.test(address.trim());
markdown.core.ruler.after('linkify', 'mention', markMentions);

markdown.renderer.rules.link_open = (tokens, at, options, _env, self) => {
  tokens[at]?.attrSet('target', '_blank');
  tokens[at]?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, at, options);
};
// The word behind ``` would become a class.
markdown.renderer.rules.fence = (tokens, at) =>
  `<pre><code>${markdown.utils.escapeHtml(tokens[at]?.content ?? '')}</code></pre>\n`;
markdown.renderer.rules.mention = (tokens, at) =>
  `<b class="mention">${markdown.utils.escapeHtml(tokens[at]?.content ?? '')}</b>`;

export function render(text: string): string {
  return markdown.render(text);
}

function markMentions(state: StateCore): void {
  for (const block of state.tokens) {
    if (block.type === 'inline' && block.children) block.children = marked(state, block.children);
  }
}

/** Names inside of links stay part of the link. */
function marked(state: StateCore, tokens: Token[]): Token[] {
  let inLink = 0;
  return tokens.flatMap((token) => {
    inLink += { link_open: 1, link_close: -1 }[token.type] ?? 0;
    return token.type === 'text' && !inLink ? split(state, token) : [token];
  });
}

function split(state: StateCore, token: Token): Token[] {
  const parts: Token[] = [];
  let from = 0;
  for (const found of token.content.matchAll(MENTION)) {
    parts.push(made(state, 'text', token.content.slice(from, found.index)), made(state, 'mention', found[0]));
    from = found.index + found[0].length;
  }
  if (!parts.length) return [token];
  return [...parts, made(state, 'text', token.content.slice(from))];
}

function made(state: StateCore, type: string, content: string): Token {
  const token = new state.Token(type, '', 0);
  token.content = content;
  return token;
}
