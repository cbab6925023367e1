#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# The recipes for RPM and pacman, on a build that is there: rpmbuild packages what its %install put in place and refuses
# files that %files forgets or invents; each of PKGBUILD's functions packages its component.
# Usage: tests/recipes_test.sh BUILD
set -euo pipefail
cd "$(dirname "$0")/.."
SOURCE=$PWD
BUILD=$(realpath "$1")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fail() { echo "recipes_test.sh: $*" >&2; exit 1; }

VERSION=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$BUILD/CMakeCache.txt")
DESTDIR=$WORK/installed cmake --install "$BUILD" --prefix /usr >/dev/null
files() { (cd "$1" && find . ! -type d -o -type d -empty | sed 's,^\.,,' | sort); }

# What Fedora's macros stand for, the build itself left out.
rpm_macros=(
    "_topdir $WORK/rpm" "_sysconfdir /etc" "_libexecdir /usr/libexec" "_unitdir /usr/lib/systemd/system"
    "_userunitdir /usr/lib/systemd/user" "_sysusersdir /usr/lib/sysusers.d" "_modulesloaddir /usr/lib/modules-load.d"
    "_udevrulesdir /usr/lib/udev/rules.d" "bash_completions_dir /usr/share/bash-completion/completions"
    "fish_completions_dir /usr/share/fish/vendor_completions.d" "zsh_completions_dir /usr/share/zsh/vendor-completions"
    "autosetup cp $SOURCE/LICENSE ." "cmake :" "cmake_build :"
    "cmake_install DESTDIR=%{buildroot} cmake --install $BUILD --prefix /usr" "sysusers_create_compat :"
    "systemd_post :" "systemd_preun :" "systemd_postun_with_restart :" "systemd_user_post :" "systemd_user_preun :"
    "systemd_user_postun_with_restart :" "udev_rules_update :" "debug_package %{nil}" "_build_id_links none")
defines=()
for macro in "${rpm_macros[@]}"; do defines+=(-D "$macro"); done
rpmbuild "${defines[@]}" --nodeps -bb .packaging/spicykvm.spec >"$WORK/rpmbuild.log" 2>&1 || { cat "$WORK/rpmbuild.log"; exit 1; }
! grep -i warning "$WORK/rpmbuild.log" || fail "rpmbuild warns"
[[ $(rpm -qp --qf '%{NAME} %{VERSION}\n' "$WORK"/rpm/RPMS/*/*.rpm) == "spicykvm $VERSION
spicykvm-session $VERSION" ]] || fail "the spec's names and version: $(ls "$WORK"/rpm/RPMS/*)"
[[ $(rpm -qp --qf '[%{FILENAMES} %{FILEMODES:perms}\n]' "$WORK"/rpm/RPMS/*/*.rpm | grep credentials) == *drwx------ ]] ||
    fail "the spec: /etc/spicykvm/credentials is not root's alone"
rpm -qlp "$WORK"/rpm/RPMS/*/spicykvm-session*.rpm | grep -v '/man/\|completion\|/zsh/' | diff - <(printf '%s\n' /usr/bin/spicykvm-session \
    /usr/lib/systemd/user/spicykvm-session.service) || fail "the spec: what is in the session's package"

bash -n .packaging/PKGBUILD
(
    set +u
    source .packaging/PKGBUILD
    [[ $pkgver == "$VERSION" ]] || fail "PKGBUILD: version $pkgver, and the project's is $VERSION"
    ln -s "$BUILD" "$WORK/build"
    cd "$WORK"
    for name in "${pkgname[@]}"; do
        pkgdir=$WORK/pacman/$name
        "package_$name" >/dev/null
    done
)
diff <(files "$WORK/installed") <(for name in spicykvm spicykvm-session; do files "$WORK/pacman/$name"; done | sort) ||
    fail "PKGBUILD: the packages (>) are not what is installed (<)"
[[ -x $WORK/pacman/spicykvm-session/usr/bin/spicykvm-session && ! -e $WORK/pacman/spicykvm/usr/bin/spicykvm-session ]] ||
    fail "PKGBUILD: spicykvm-session is in the wrong package"
