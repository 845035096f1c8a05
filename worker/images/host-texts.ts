/** Files of the host image that are written rather than copied, by path, with their modes. */
export function hostTexts(hostSystem: string): Record<string, { content: string; mode: number }> {
  const file = (content: string, mode = 0o644) => ({ content: content.trimStart(), mode });
  return {
    "/etc/passwd": file(`
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/:/bin/false
nobody:x:65534:65534:nobody:/:/bin/false
`),
    "/etc/group": file(`
root:x:0:
daemon:x:1:
tty:x:5:
nogroup:x:65534:
`),
    "/etc/hosts": file("127.0.0.1\tlocalhost\n::1\tlocalhost\n"),
    "/etc/hostname": file("localhost\n"),
    "/etc/shells": file("/bin/sh\n/bin/bash\n"),
    "/etc/nsswitch.conf": file("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n"),
    "/etc/os-release": file(`
NAME="MiniRun host image"
ID=minirun
PRETTY_NAME="MiniRun host image (${hostSystem.replace(/["\\$`]/g, "")})"
`),
    "/etc/profile": file(`
export PATH="\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
umask 022
[ -n "$BASH_VERSION" ] && [ -r "$HOME/.bashrc" ] && . "$HOME/.bashrc"
`),
    "/root/.bashrc": file(bashrc),
    // Without a file of its own vim misses its defaults, which lie with its documentation.
    "/root/.vimrc": file("set backspace=indent,eol,start ruler showcmd\n"),
  };
}

const bashrc = `
case $- in *i*) ;; *) return ;; esac

HISTCONTROL=ignoreboth
HISTSIZE=10000
shopt -s histappend checkwinsize

if [ "\${TERM:-dumb}" = dumb ]; then
  PS1='\\u@\\h:\\w\\$ '
else
  PS1='\\[\\e[1;32m\\]\\u@\\h\\[\\e[0m\\]:\\[\\e[1;34m\\]\\w\\[\\e[0m\\]\\$ '
  alias ls='ls --color=auto'
  alias grep='grep --color=auto'
  command -v dircolors >/dev/null && eval "$(dircolors -b)"
fi
alias ll='ls -l'
alias la='ls -A'
`;
