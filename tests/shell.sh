# What the scripts of the tests share. They source it; it does nothing by itself.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

# installed PACKAGE TEST: installs a package of Debian's where the test fails, and says so.
installed() {
  eval "$2" >/dev/null 2>&1 && return
  echo "$1 is missing: installing it" >&2
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$1" >/dev/null \
    || { echo "$1 could not be installed" >&2; return 1; }
}

installed_postgres() {
  installed postgresql "ls /usr/lib/postgresql/*/bin/initdb" || return
  pg=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
}

# Python's parser of feeds, for the Python that is Debian's.
installed_feedparser() { installed python3-feedparser "/usr/bin/python3 -c 'import feedparser'"; }

# installed_node: Node 20 or newer; where Debian's is older, one from the npm registry that leaves the system alone.
installed_node() {
  local modern='node -e "process.exit(Number(process.versions.node.split(\".\")[0]) >= 20 ? 0 : 1)"'
  installed nodejs "command -v node" && installed npm "command -v npm" || return
  eval "$modern" 2>/dev/null && return
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/alliance-node
  if [ ! -x "$folder/node_modules/node/bin/node" ]; then
    echo "Node is older than 20: installing a newer one in $folder" >&2
    npm install --silent --no-save --prefix "$folder" node@20 >/dev/null || return
  fi
  PATH=$folder/node_modules/node/bin:$PATH
  eval "$modern" || { echo "Node 20 could not be installed" >&2; return 1; }
}

# npm_installed FOLDER: what the folder's lock file names, once for each state of that file.
npm_installed() {
  local stamp; stamp=$(sha256sum < "$1/package-lock.json")
  [ "$(cat "$1/node_modules/.installed" 2>/dev/null)" = "$stamp" ] && return
  echo "installing the Node packages of $1" >&2
  (cd "$1" && npm ci --silent --no-audit --no-fund) || { echo "the Node packages of $1 could not be installed" >&2; return 1; }
  echo "$stamp" > "$1/node_modules/.installed"
}

# start_cluster FOLDER PORT SETTINGS: a cluster of PostgreSQL in a folder, made where there is none.
start_cluster() {
  if [ ! -e "$1" ]; then
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ]; then chown postgres "$1"; fi
    as_postgres "$pg/initdb" -D "$1" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  fi
  as_postgres "$pg/pg_ctl" -D "$1" -w -l "$1/log" -o "-p $2 -c listen_addresses=127.0.0.1 -k /tmp $3" start >/dev/null </dev/null
}
