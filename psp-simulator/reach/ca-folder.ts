/**
 * Keeps the simulator's CA in a folder, so that a client is told once whom to trust:
 *
 *   ca.pem   the certificate, for clients
 *   ca.key   its private key, readable by its owner only; it never leaves this folder
 *
 * Made once, renewed before it ends with the same key (so copies of the old certificate work
 * until their own end). Two processes that start together agree on one key.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, UserError, type Clock } from '../../kernel/index.ts';
import {
  createAuthority,
  newAuthorityCertificate,
  newPrivateKey,
  type CertificateAuthority,
} from './certificate-authority.ts';

/** Renewed when less than this is left of its life: time enough to hand it to everybody again. */
const RENEWAL_MS = 30 * 86_400_000;

/** The key is readable and writable by its owner only. */
const PRIVATE = 0o600;

export interface CaFolder {
  readonly authority: CertificateAuthority;
  /** Absolute path of the certificate, to be named in NODE_EXTRA_CA_CERTS and the like. */
  readonly certPath: string;
}

/** Opens the folder and makes what is missing. Throws a UserError when it cannot be read or written, or holds something else. */
export function openCaFolder(folder: string, clock: Clock): CaFolder {
  const certPath = resolve(folder, 'ca.pem');
  const keyPath = resolve(folder, 'ca.key');
  try {
    mkdirSync(folder, { recursive: true });
    // A key does not belong into anybody's repository.
    writeFileSync(join(folder, '.gitignore'), '*\n');
    const key = readKey(keyPath) ?? createKey(folder, keyPath);
    const cert = readCert(certPath, key, clock.now()) ?? createCert(folder, certPath, key, clock.now());
    return { authority: createAuthority({ key, cert }, clock), certPath };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `the folder of the simulator's CA, ${resolve(folder)}, cannot be used (${messageOf(error)})`,
      'Give a folder that you may write with --ca-dir <folder>.',
    );
  }
}

function readKey(path: string): string | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    if (createPrivateKey(text).asymmetricKeyType !== 'rsa') throw new Error('another kind of key');
  } catch (error) {
    throw new UserError(
      `${path} is no key of the simulator's CA (${messageOf(error)})`,
      'Remove the folder to have it made again, or give another with --ca-dir <folder>.',
    );
  }
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, PRIVATE);
  return text;
}

/** The certificate in the folder, if it belongs to the key and lives long enough. */
function readCert(path: string, key: string, nowMs: number): string | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const certificate = new X509Certificate(text);
    const lives = new Date(certificate.validTo).getTime() - nowMs > RENEWAL_MS;
    return lives && certificate.checkPrivateKey(createPrivateKey(key)) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A link fails when somebody else was faster, and then theirs is the key. */
function createKey(folder: string, path: string): string {
  const key = newPrivateKey();
  const draft = join(folder, `.ca.key.${process.pid}`);
  writeFileSync(draft, key, { mode: PRIVATE });
  try {
    linkSync(draft, path);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(draft, { force: true });
  }
}

function createCert(folder: string, path: string, key: string, nowMs: number): string {
  const cert = newAuthorityCertificate(key, nowMs);
  const draft = join(folder, `.ca.pem.${process.pid}`);
  writeFileSync(draft, cert);
  renameSync(draft, path);
  return cert;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
