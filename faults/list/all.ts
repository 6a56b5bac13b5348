import { contention } from './contention';
import { expiredCertificate } from './expired-certificate';
import { kills } from './kills';
import { networkFaults } from './network';
import { queueFaults } from './queue';
import { relayFaults } from './relay';
import { serverFaults } from './server';
import { tableFaults } from './table';
import type { Fault } from '../fault';

export const allFaults: readonly Fault[] = [...networkFaults, ...serverFaults, expiredCertificate, ...contention, ...tableFaults, ...queueFaults, ...relayFaults, ...kills];
