const words = (text: string) => text.trim().split(/\s+/);

/** The programs of the host image, by the package that has them on most hosts. What a host lacks is left out. */
export const programs: readonly string[] = [
  // shells
  ...words("bash sh"),
  // coreutils
  ...words(`[ arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df
    dir dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln
    logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pr printenv printf ptx
    pwd readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat
    stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc
    who whoami yes`),
  // procps
  ...words("free kill pgrep pidof pidwait pkill pmap ps pwdx slabtop sysctl tload top uptime vmstat w watch"),
  // iproute2
  ...words("bridge ip ss"),
  // util-linux
  ...words(`blkid chrt choom column dmesg fallocate findmnt flock getopt hexdump ionice ipcmk ipcrm ipcs last logger
    losetup lsblk lscpu lsipc lslocks lsmem lsns mcookie more mount mountpoint nsenter prlimit renice rev script
    setarch setpriv setsid swapoff swapon taskset umount unshare utmpdump uuidgen whereis`),
  // ncurses
  ...words("clear infocmp reset tabs toe tput tset"),
  // text, search, archives
  ...words("awk gawk mawk cmp diff egrep fgrep find grep less sed which xargs"),
  ...words("bunzip2 bzcat bzip2 gunzip gzip tar unxz unzstd xz xzcat zcat zstd"),
  // editors, system
  ...words("nano vi getent hostname ldd locale"),
];

/** Libraries that the C library loads by name while a program runs, where it has them apart. */
export const loadedLibraries: readonly string[] = ["libnss_files.so.2", "libnss_dns.so.2", "libgcc_s.so.1"];

/** Terminals that a container may be shown in. */
export const terminals: readonly string[] = words(
  "ansi dumb linux screen screen-256color tmux tmux-256color vt100 vt220 xterm xterm-256color xterm-color",
);

/** Files and folders of data, taken where the host has them. */
export const dataFiles: readonly string[] = words(
  "/usr/lib/locale/C.utf8 /usr/lib/locale/C.UTF-8 /etc/services /etc/protocols /etc/iproute2 /usr/share/iproute2",
);
